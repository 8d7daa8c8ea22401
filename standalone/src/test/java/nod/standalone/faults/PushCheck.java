package nod.standalone.faults;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import nod.schemas.event.DeliveryReported;
import nod.standalone.faults.Evidence.Attempt;
import nod.standalone.faults.Evidence.DeviceRow;
import nod.standalone.faults.Evidence.Disturbance;
import nod.standalone.faults.Evidence.EventRecord;
import nod.standalone.faults.Evidence.TransactionRow;
import nod.standalone.faults.Operation.Kind;
import nod.standalone.faults.Violation.Promise;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** What was promised of pushes and push keys. Pure; used once. */
final class PushCheck {

    /**
     * A transaction that was open for so long while nothing was broken has been pushed: the group
     * gives a dead member's partitions away after ten seconds.
     */
    private static final Duration UNDISTURBED = Duration.ofSeconds(14);

    /**
     * A push that a provider has so long after the end was not begun before: the look at the row
     * and the request follow each other, but the machine is busy, and the first push of a process
     * has to fetch an access token.
     */
    private static final Duration CROSSING = Duration.ofSeconds(5);

    private record Push(UUID txId, UUID device) {}

    private final Evidence evidence;
    private final Map<Push, List<Attempt>> attempts;
    private final Map<Push, List<EventRecord>> reports;
    private final List<Violation> violations = new ArrayList<>();

    private PushCheck(Evidence evidence) {
        this.evidence = evidence;
        this.attempts =
                evidence.attempts().stream()
                        .filter(attempt -> evidence.keys().containsKey(attempt.key()))
                        .collect(groupingBy(this::push));
        this.reports =
                evidence.records().stream()
                        .filter(record -> record.event() instanceof DeliveryReported)
                        .collect(groupingBy(PushCheck::reported));
    }

    static List<Violation> check(Evidence evidence) {
        var check = new PushCheck(evidence);
        check.checkPushes();
        check.checkKeys();
        return check.violations;
    }

    private Push push(Attempt attempt) {
        return new Push(attempt.txId(), Objects.requireNonNull(evidence.keys().get(attempt.key())));
    }

    private static Push reported(EventRecord record) {
        var report = (DeliveryReported) record.event();
        return new Push(report.txId(), report.device());
    }

    private void checkPushes() {
        var asked = evidence.asked();
        for (var row : evidence.transactions()) {
            asked.getOrDefault(row.txId(), List.of())
                    .forEach(device -> check(row, new Push(row.txId(), device)));
        }
    }

    private void check(TransactionRow row, Push push) {
        var tried = attempts.getOrDefault(push, List.of());
        if (tried.isEmpty() && !isToldWhyNot(push) && wasOpenLongEnough(row)) {
            broken(row, Promise.EVERY_ASKED_PHONE_IS_PUSHED_TO, "no attempt for %s: %s", push, row);
        }
        tried.stream()
                .filter(attempt -> attempt.at().isAfter(row.closed().plus(CROSSING)))
                .filter(attempt -> !mayBeLate(row.closed(), attempt.at()))
                .forEach(
                        attempt ->
                                broken(
                                        row,
                                        Promise.NO_PUSH_AFTER_THE_END,
                                        "%s, but it ended at %s",
                                        attempt,
                                        row.closed()));
    }

    private boolean isToldWhyNot(Push push) {
        return reports.getOrDefault(push, List.of()).stream()
                .map(record -> (DeliveryReported) record.event())
                .anyMatch(PushCheck::tellsWhyNot);
    }

    private static boolean tellsWhyNot(DeliveryReported report) {
        return switch (report.state()) {
            case ACCEPTED -> false;
            case REJECTED, UNREACHABLE, NO_PUSH_KEY -> true;
        };
    }

    private boolean wasOpenLongEnough(TransactionRow row) {
        var open = Duration.between(row.created(), row.closed());
        return open.minus(disturbed(row.created(), row.closed())).compareTo(UNDISTURBED) > 0;
    }

    /** How much of that time something was disturbed. */
    private Duration disturbed(Instant from, Instant until) {
        var sum = Duration.ZERO;
        var at = from;
        for (var disturbance : byBegin()) {
            var begin = later(at, disturbance.from());
            var end = earlier(until, disturbance.until());
            if (begin.isBefore(end)) {
                sum = sum.plus(Duration.between(begin, end));
                at = end;
            }
        }
        return sum;
    }

    private List<Disturbance> byBegin() {
        return evidence.disturbances().stream()
                .sorted(Comparator.comparing(Disturbance::from))
                .toList();
    }

    private boolean mayBeLate(Instant closed, Instant at) {
        return evidence.disturbances().stream()
                .filter(Disturbance::pushesLate)
                .anyMatch(
                        disturbance ->
                                disturbance.from().isBefore(at)
                                        && disturbance.until().isAfter(closed));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** The key that a phone gave last is there, unless its provider called that one dead. */
    private void checkKeys() {
        var rows =
                evidence.devices().stream().collect(toMap(DeviceRow::device, Function.identity()));
        var dead = evidence.attempts().stream().filter(Attempt::dead).map(Attempt::key).toList();
        evidence.operations().stream()
                .filter(operation -> operation.kind() == Kind.SET_KEY)
                .collect(groupingBy(operation -> Objects.requireNonNull(operation.device())))
                .values()
                .forEach(
                        operations ->
                                lastKnown(operations)
                                        .filter(set -> !dead.contains(set.item()))
                                        .ifPresent(set -> checkKey(set, rows)));
    }

    /** Nothing where a later attempt may have set another one. */
    private static Optional<Operation> lastKnown(Collection<Operation> operations) {
        return operations.stream()
                .max(Comparator.comparing(Operation::sent))
                .filter(Operation::succeeded);
    }

    private void checkKey(Operation set, Map<UUID, DeviceRow> rows) {
        var row = rows.get(set.device());
        if (row == null || !Objects.equals(row.pushKey(), set.item())) {
            broken(
                    null,
                    Promise.NO_LIVE_KEY_IS_DROPPED,
                    "device %s has not the key that it gave last",
                    set.device());
        }
    }

    private void broken(
            @Nullable TransactionRow row,
            Promise promise,
            String what,
            @Nullable Object... values) {
        violations.add(Violation.of(row, promise, what.formatted(values)));
    }
}
