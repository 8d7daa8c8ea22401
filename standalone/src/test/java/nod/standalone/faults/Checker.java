package nod.standalone.faults;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import nod.schemas.event.DeviceChanged;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.TransactionStarted;
import nod.schemas.event.TransactionWithdrawn;
import nod.standalone.faults.Evidence.DeviceRow;
import nod.standalone.faults.Evidence.EventRecord;
import nod.standalone.faults.Evidence.TransactionRow;
import nod.standalone.faults.Operation.Kind;
import nod.standalone.faults.Violation.Promise;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Says which promises were broken, by the evidence alone. It knows nothing of the services' code:
 * what an answer means is written down here once more. Pure; used once.
 */
final class Checker {

    /** In place of the transaction where an answer closed none. */
    private static final UUID NONE = new UUID(0, 0);

    private final Evidence evidence;
    private final Map<UUID, TransactionRow> rows;
    private final Map<UUID, List<Operation>> answers;
    private final Map<UUID, List<UUID>> asked;
    private final List<Violation> violations = new ArrayList<>();

    private Checker(Evidence evidence) {
        this.evidence = evidence;
        this.rows =
                evidence.transactions().stream()
                        .collect(toMap(TransactionRow::txId, Function.identity()));
        this.answers =
                evidence.operations().stream()
                        .filter(operation -> operation.kind() == Kind.ANSWER)
                        .collect(groupingBy(answer -> requireNonNull(answer.txId())));
        this.asked = evidence.asked();
    }

    /** All that was broken; nothing if all was kept. */
    static List<Violation> check(Evidence evidence) {
        var checker = new Checker(evidence);
        checker.checkStarts();
        checker.checkOutcomes();
        checker.checkAnswers();
        checker.checkAccepts();
        checker.checkObservations();
        checker.checkEvents();
        checker.violations.addAll(PushCheck.check(evidence));
        checker.checkDeadLetters();
        return List.copyOf(checker.violations);
    }

    private void checkStarts() {
        for (var txId : evidence.promised()) {
            if (!rows.containsKey(txId)) {
                broken(null, Promise.A_STARTED_TRANSACTION_EXISTS, "%s has no row", txId);
            }
        }
    }

    private void checkOutcomes() {
        var outcomes = eventsBy(OutcomeDecided.class, OutcomeDecided::txId);
        for (var row : rows.values()) {
            if (row.status().equals("wait")) {
                broken(
                        row,
                        Promise.EVERY_TRANSACTION_IS_DECIDED,
                        "%s still waits, claim %s",
                        row.txId(),
                        row.claim());
                continue;
            }
            checkOutcome(row, outcomes.getOrDefault(row.txId(), List.of()));
        }
    }

    private void checkOutcome(TransactionRow row, List<EventRecord> records) {
        if (records.stream().map(EventRecord::value).distinct().count() > 1) {
            broken(row, Promise.ONE_OUTCOME, "%s has several: %s", row.txId(), records);
        }
        for (var record : records) {
            if (record.event() instanceof OutcomeDecided outcome && !agree(row, outcome)) {
                broken(
                        row,
                        Promise.API_DATABASE_AND_KAFKA_AGREE,
                        "%s: the database says %s, Kafka %s",
                        row.txId(),
                        row,
                        outcome);
            }
        }
    }

    private static boolean agree(TransactionRow row, OutcomeDecided outcome) {
        var reason = outcome.reason() == null ? null : outcome.reason().text();
        return outcome.status().text().equals(row.status())
                && Objects.equals(reason, row.reason())
                && Objects.equals(outcome.answeredBy(), row.answeredBy());
    }

    private void checkAnswers() {
        answers.values().stream()
                .flatMap(List::stream)
                .filter(answer -> answer.status() == 204)
                .forEach(this::checkAnswer);
        for (var row : rows.values()) {
            if (row.claimedAt() != null && !row.claimedAt().isBefore(row.expires())) {
                broken(
                        row,
                        Promise.NO_ANSWER_AFTER_EXPIRY,
                        "%s was claimed late: %s",
                        row.txId(),
                        row);
            }
        }
    }

    private void checkAnswer(Operation answer) {
        var row = rows.get(answer.txId());
        if (row == null) {
            broken(row, Promise.AN_ANSWER_WITH_204_DECIDES, "there is no row for %s", answer);
            return;
        }
        if (isReport(answer)) {
            checkReport(answer, row);
            return;
        }
        var holds =
                "answer".equals(row.claim())
                        && Objects.equals(answer.device(), row.claimedBy())
                        && Objects.equals(answer.item(), row.claimedItem())
                        && row.status().equals(meaning(row));
        if (!holds) {
            broken(row, Promise.AN_ANSWER_WITH_204_DECIDES, "%s, but the row says %s", answer, row);
        }
    }

    private static boolean isReport(Operation answer) {
        return "report".equals(answer.item());
    }

    /**
     * A report is heard after the end as well, and after another one's answer; it then decides
     * nothing.
     */
    private void checkReport(Operation report, TransactionRow row) {
        if (report.ended().isBefore(row.expires()) && row.claim() == null) {
            broken(row, Promise.AN_ANSWER_WITH_204_DECIDES, "%s, but the row says %s", report, row);
        }
    }

    /** What the claimed answer has to lead to. */
    private static String meaning(TransactionRow row) {
        return isRight(row) ? "accept" : "deny";
    }

    private static boolean isRight(TransactionRow row) {
        var right = row.mode().equals("accept_deny") ? "accept" : row.right();
        return right.equals(row.claimedItem());
    }

    private void checkAccepts() {
        for (var row : rows.values()) {
            if (row.status().equals("accept") && !(isRight(row) && wasAnswered(row))) {
                broken(
                        row,
                        Promise.ACCEPT_ONLY_BY_THE_RIGHT_ITEM,
                        "%s was accepted: %s",
                        row.txId(),
                        row);
            }
        }
    }

    /** Whether an asked phone sent that item, as far as its owner knows in time. */
    private boolean wasAnswered(TransactionRow row) {
        return "answer".equals(row.claim())
                && asked.getOrDefault(row.txId(), List.of()).contains(row.claimedBy())
                && answers.getOrDefault(row.txId(), List.of()).stream()
                        .filter(answer -> answer.sent().isBefore(row.expires()))
                        .filter(answer -> !answer.isKnown() || answer.succeeded())
                        .anyMatch(answer -> isClaim(answer, row));
    }

    private static boolean isClaim(Operation answer, TransactionRow row) {
        return Objects.equals(answer.device(), row.claimedBy())
                && Objects.equals(answer.item(), row.claimedItem());
    }

    private void checkObservations() {
        evidence.observations().stream()
                .collect(groupingBy(Observation::txId))
                .forEach(this::checkObservations);
    }

    private void checkObservations(UUID txId, List<Observation> seen) {
        var finals =
                seen.stream()
                        .filter(Observation::isFinal)
                        .map(one -> new Told(one.status(), one.reason(), one.answeredBy()))
                        .toList();
        if (finals.stream().map(Told::status).distinct().count() > 1) {
            broken(
                    rows.get(txId),
                    Promise.A_DECISION_NEVER_CHANGES,
                    "%s was seen as %s",
                    txId,
                    finals);
        }
        var row = rows.get(txId);
        if (row != null && finals.stream().anyMatch(told -> !told.agrees(row))) {
            broken(
                    row,
                    Promise.API_DATABASE_AND_KAFKA_AGREE,
                    "%s: the database says %s, the API %s",
                    txId,
                    row,
                    finals);
        }
    }

    private record Told(String status, @Nullable String reason, @Nullable String answeredBy) {

        boolean agrees(TransactionRow row) {
            var device = row.answeredBy() == null ? null : row.answeredBy().toString();
            return status.equals(row.status())
                    && Objects.equals(reason, row.reason())
                    && Objects.equals(answeredBy, device);
        }
    }

    private void checkEvents() {
        var started = eventsBy(TransactionStarted.class, TransactionStarted::txId);
        var answered = eventsBy(ResponseReceived.class, Checker::closing);
        var withdrawn = eventsBy(TransactionWithdrawn.class, TransactionWithdrawn::txId);
        var decided = eventsBy(OutcomeDecided.class, OutcomeDecided::txId);
        for (var row : rows.values()) {
            implied("a start", true, row, started);
            implied("an answer", "answer".equals(row.claim()), row, answered);
            implied(
                    "a withdrawal",
                    row.claim() != null && !"answer".equals(row.claim()),
                    row,
                    withdrawn);
            implied("an outcome", !row.status().equals("wait"), row, decided);
        }
        Stream.of(started, answered, withdrawn, decided)
                .map(Map::keySet)
                .flatMap(Collection::stream)
                .filter(txId -> !NONE.equals(txId) && !rows.containsKey(txId))
                .distinct()
                .forEach(
                        txId ->
                                broken(
                                        null,
                                        Promise.NO_EVENT_WITHOUT_STATE,
                                        "%s has no row",
                                        txId));
        var changed = eventsBy(DeviceChanged.class, DeviceChanged::device);
        evidence.devices()
                .forEach(
                        device ->
                                checkDeviceEvents(
                                        device, changed.getOrDefault(device.device(), List.of())));
    }

    /** A late report closes nothing. */
    private static UUID closing(ResponseReceived response) {
        return response.late() ? NONE : response.txId();
    }

    private void implied(
            String what, boolean expected, TransactionRow row, Map<UUID, List<EventRecord>> all) {
        var records = all.getOrDefault(row.txId(), List.of());
        var ids = records.stream().map(EventRecord::id).distinct().count();
        if (expected && ids == 0) {
            broken(
                    row,
                    Promise.EVERY_IMPLIED_EVENT_IS_ON_KAFKA,
                    "%s of %s is missing",
                    what,
                    row.txId());
        }
        if (!expected && ids > 0) {
            broken(
                    row,
                    Promise.NO_EVENT_WITHOUT_STATE,
                    "%s of %s, whose row is %s",
                    what,
                    row.txId(),
                    row);
        }
        if (ids > 1) {
            broken(row, Promise.ONE_ID_FOR_AN_EVENT, "%s of %s has %d", what, row.txId(), ids);
        }
    }

    /** Each write to a device's row is one event. */
    private void checkDeviceEvents(DeviceRow device, List<EventRecord> records) {
        var known = new HashSet<Long>();
        var ids = new HashSet<UUID>();
        records.forEach(
                record -> {
                    known.add(((DeviceChanged) record.event()).sequence());
                    ids.add(record.id());
                });
        var expected = LongStream.rangeClosed(1, device.sequence()).boxed().toList();
        if (!known.containsAll(expected)) {
            broken(
                    null,
                    Promise.EVERY_IMPLIED_EVENT_IS_ON_KAFKA,
                    "device %s: 1 to %d expected, got %s",
                    device.device(),
                    device.sequence(),
                    known);
        }
        if (!Set.copyOf(expected).containsAll(known)) {
            broken(null, Promise.NO_EVENT_WITHOUT_STATE, "device %s: %s", device, known);
        }
        if (ids.size() > known.size()) {
            broken(null, Promise.ONE_ID_FOR_AN_EVENT, "device %s: %s", device.device(), ids);
        }
    }

    private <E> Map<UUID, List<EventRecord>> eventsBy(Class<E> type, Function<E, UUID> key) {
        return evidence.records().stream()
                .filter(record -> type.isInstance(record.event()))
                .collect(groupingBy(record -> key.apply(type.cast(record.event()))));
    }

    private void checkDeadLetters() {
        for (var letter : evidence.deadLetters()) {
            var line =
                    "Dead letter: %s partition %d offset %d "
                            .formatted(letter.topic(), letter.partition(), letter.offset());
            if (evidence.log().stream().noneMatch(told -> told.contains(line))) {
                broken(null, Promise.A_DEAD_LETTER_IS_TOLD, "no line tells of %s", letter);
            }
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
