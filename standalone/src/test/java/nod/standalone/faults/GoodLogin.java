package nod.standalone.faults;

import nod.schemas.event.Actor;
import nod.schemas.event.Answer;
import nod.schemas.event.DeviceChange;
import nod.schemas.event.DeviceChanged;
import nod.schemas.event.Event;
import nod.schemas.event.ItemMode;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.TransactionContext;
import nod.schemas.event.TransactionStarted;
import nod.schemas.event.TransactionStatus;
import nod.standalone.faults.Evidence.Attempt;
import nod.standalone.faults.Evidence.DeviceRow;
import nod.standalone.faults.Evidence.EventRecord;
import nod.standalone.faults.Evidence.TransactionRow;
import nod.standalone.faults.Operation.Kind;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The evidence of one login that went well, to be spoilt by a test. */
final class GoodLogin {

    static final Instant START = Instant.parse("2026-11-24T09:00:00Z");
    static final Instant EXPIRES = START.plusSeconds(30);
    static final Instant ANSWERED = START.plusSeconds(2);
    static final UUID TX = UUID.randomUUID();
    static final UUID DEVICE = UUID.randomUUID();
    static final String KEY = "registration-token";
    static final String RIGHT = "042";

    private static final Actor CALLER = new Actor(Actor.Kind.API_KEY, "authentik");

    final Set<UUID> promised = new HashSet<>(Set.of(TX));
    final List<Operation> operations = new ArrayList<>();
    final List<Observation> observations = new ArrayList<>();
    final List<TransactionRow> rows = new ArrayList<>();
    final List<DeviceRow> devices = new ArrayList<>();
    final List<EventRecord> records = new ArrayList<>();
    final List<Attempt> attempts = new ArrayList<>();
    final List<Evidence.DeadLetter> deadLetters = new ArrayList<>();
    final List<String> log = new ArrayList<>();
    final List<Evidence.Disturbance> disturbances = new ArrayList<>();

    GoodLogin() {
        operations.add(answer(RIGHT, ANSWERED, 204));
        observations.add(new Observation(TX, START, "wait", null, null));
        observations.add(seen("accept", "matched"));
        rows.add(row("accept", "matched"));
        devices.add(new DeviceRow(DEVICE, KEY, 1));
        records.add(record(started(DEVICE)));
        records.add(record(new ResponseReceived(TX, DEVICE, Answer.ITEM, ANSWERED, false)));
        records.add(record(outcome(TransactionStatus.ACCEPT, OutcomeReason.MATCHED)));
        records.add(record(changed(1)));
        attempts.add(new Attempt(KEY, TX, START.plusMillis(50), false));
    }

    Evidence evidence() {
        return new Evidence(
                promised,
                operations,
                observations,
                rows,
                devices,
                records,
                attempts,
                Map.of(KEY, DEVICE),
                deadLetters,
                log,
                disturbances);
    }

    /** Another device was asked, and was pushed to. */
    void ask(UUID device) {
        forget(TransactionStarted.class);
        records.add(record(started(device)));
    }

    /** Takes away every event of that type. */
    void forget(Class<? extends Event> type) {
        records.removeIf(record -> type.isInstance(record.event()));
    }

    static Operation answer(String item, Instant at, int status) {
        return new Operation(Kind.ANSWER, TX, DEVICE, item, at, at.plusMillis(20), status, true);
    }

    static Operation setKey(String key) {
        return new Operation(
                Kind.SET_KEY, null, DEVICE, key, START, START.plusMillis(20), 204, true);
    }

    static Observation seen(String status, @Nullable String reason) {
        return new Observation(TX, ANSWERED.plusSeconds(1), status, reason, DEVICE.toString());
    }

    /** As it stands after the right answer, but for the decision. */
    static TransactionRow row(String status, @Nullable String reason) {
        return row(status, reason, RIGHT, ANSWERED);
    }

    static TransactionRow row(
            String status, @Nullable String reason, String item, Instant claimedAt) {
        return new TransactionRow(
                TX,
                "number_matching_3",
                RIGHT,
                START,
                EXPIRES,
                "answer",
                DEVICE,
                item,
                claimedAt,
                status,
                reason,
                status.equals("wait") ? null : DEVICE);
    }

    /** Nobody answered. */
    static TransactionRow expired() {
        return new TransactionRow(
                TX,
                "number_matching_3",
                RIGHT,
                START,
                EXPIRES,
                null,
                null,
                null,
                null,
                "expired",
                null,
                null);
    }

    static OutcomeDecided outcome(TransactionStatus status, @Nullable OutcomeReason reason) {
        return new OutcomeDecided(TX, "alice", status, reason, DEVICE, START, ANSWERED);
    }

    static OutcomeDecided expiredOutcome() {
        return new OutcomeDecided(
                TX, "alice", TransactionStatus.EXPIRED, null, null, START, EXPIRES);
    }

    static DeviceChanged changed(long sequence) {
        return new DeviceChanged(
                DEVICE, "alice", sequence, DeviceChange.CHECKED_IN, "phone", CALLER);
    }

    private static TransactionStarted started(UUID device) {
        return new TransactionStarted(
                TX,
                "alice",
                List.of(device),
                ItemMode.NUMBER_MATCHING_3,
                List.of("042", "391", "777"),
                "title",
                "body",
                new TransactionContext(null, null, null, null, null),
                START,
                EXPIRES,
                CALLER);
    }

    static EventRecord record(Event event) {
        return new EventRecord(UUID.randomUUID(), event, event.toString());
    }
}
