package nod.benchmarks.dispatch;

import nod.benchmarks.growth.Database;
import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.messaging.event.Traceparent;
import nod.schemas.event.Actor;
import nod.schemas.event.ItemMode;
import nod.schemas.event.TransactionContext;
import nod.schemas.event.TransactionStarted;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;

/** Started logins that wait for a dispatcher: their rows, and their events in Kafka. */
final class Backlog {

    private static final Duration LIFE = Duration.ofHours(1);
    private static final long IN_ORDER = 0x4000L;

    /** Their first halves tell backlogs apart, their second halves count. */
    private static final String ROWS =
            """
            WITH made AS (
                INSERT INTO device (pk, user_id, name, confirmed, info, push_key, push_key_version, push_key_set)
                SELECT d, 'backlog', 'phone', true, jsonb_build_object('platform', ?::text),
                       CASE ?::text WHEN 'ios' THEN encode(sha256(d::text::bytea), 'hex')
                                    ELSE 'registration-token:' || d END,
                       1, now()
                FROM unnest(?::uuid[]) AS d)
            INSERT INTO transaction (tx_id, user_id, devices, mode, item, items, title, body, context, expires)
            SELECT d, 'backlog', ARRAY[d], 'accept_deny', 'accept', ARRAY['accept', 'deny'], 'Sign-in request',
                   'Approve?', '{}', now() + interval '1 h'
            FROM unnest(?::uuid[]) AS d
            """;

    private final EventCodec codec = new EventCodec();
    private final Clock clock = Clock.systemUTC();
    private final List<UUID> ids;

    /** So many logins, each of a phone of its own, which bears the same id. */
    Backlog(int size) {
        long which = UUID.randomUUID().getMostSignificantBits();
        ids =
                LongStream.range(0, size)
                        .mapToObj(i -> new UUID(which, Long.MIN_VALUE | IN_ORDER << 32 | i))
                        .toList();
    }

    /**
     * @param platform {@code android} or {@code ios}
     */
    void writeRows(Database database, String platform) {
        var array = ids.toArray(UUID[]::new);
        database.write(ROWS, platform, platform, array, array);
        database.analyze();
    }

    void publish(String bootstrapServers) {
        try (var producer =
                new KafkaProducer<String, byte[]>(
                        Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            ids.forEach(id -> producer.send(codec.encode(started(id))));
        }
    }

    private Envelope<TransactionStarted> started(UUID id) {
        var now = clock.instant();
        return new Envelope<>(
                UUID.randomUUID(),
                now,
                Traceparent.start(),
                new TransactionStarted(
                        id,
                        "backlog",
                        List.of(id),
                        ItemMode.ACCEPT_DENY,
                        List.of("accept", "deny"),
                        "Sign-in request",
                        "Approve?",
                        TransactionContext.EMPTY,
                        now,
                        now.plus(LIFE),
                        new Actor(Actor.Kind.API_KEY, "benchmarks")));
    }
}
