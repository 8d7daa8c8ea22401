package nod.standalone.faults;

import nod.schemas.event.Event;
import nod.schemas.event.TransactionStarted;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Everything that is known after a run.
 *
 * @param promised transactions of which a client was told that they were started
 * @param operations what the clients did
 * @param observations what the clients saw, in any order
 * @param transactions the database's rows
 * @param devices the database's rows
 * @param records of all topics, in any order
 * @param attempts what the providers were asked
 * @param keys every push key that was ever a phone's, and whose
 * @param deadLetters what a service could not process
 * @param log the lines of the services that tell of a dead letter
 * @param disturbances when what was not as it should be
 */
record Evidence(
        Set<UUID> promised,
        List<Operation> operations,
        List<Observation> observations,
        List<TransactionRow> transactions,
        List<DeviceRow> devices,
        List<EventRecord> records,
        List<Attempt> attempts,
        Map<String, UUID> keys,
        List<DeadLetter> deadLetters,
        List<String> log,
        List<Disturbance> disturbances) {

    /** Which devices each transaction asked, as its event says. */
    Map<UUID, List<UUID>> asked() {
        var asked = new HashMap<UUID, List<UUID>>();
        for (var record : records) {
            if (record.event() instanceof TransactionStarted started) {
                asked.put(started.txId(), started.devices());
            }
        }
        return asked;
    }

    /** A row of the table {@code transaction}. */
    record TransactionRow(
            UUID txId,
            String mode,
            String right,
            Instant created,
            Instant expires,
            @Nullable String claim,
            @Nullable UUID claimedBy,
            @Nullable String claimedItem,
            @Nullable Instant claimedAt,
            String status,
            @Nullable String reason,
            @Nullable UUID answeredBy) {

        /** From when on it may not be pushed any more. */
        Instant closed() {
            return claimedAt == null || claimedAt.isAfter(expires) ? expires : claimedAt;
        }
    }

    /** A row of the table {@code device}. */
    record DeviceRow(UUID device, @Nullable String pushKey, long sequence) {}

    /**
     * A record of the event log.
     *
     * @param value as it lies in Kafka
     */
    record EventRecord(UUID id, Event event, String value) {}

    /**
     * A push that a provider was asked to deliver.
     *
     * @param dead whether the provider said that the key is dead
     */
    record Attempt(String key, UUID txId, Instant at, boolean dead) {}

    /** Where the record lies that could not be processed. */
    record DeadLetter(String topic, int partition, long offset) {}

    /**
     * A time in which something was broken, or was not well again.
     *
     * @param pushesLate whether a push that was begun in time may have come late: something stood
     *     still between the look at the row and the provider
     */
    record Disturbance(String kind, Instant from, Instant until, boolean pushesLate) {}
}
