package nod.messaging.testing;

import static org.assertj.core.api.Assertions.assertThat;

import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.messaging.event.Traceparent;
import nod.schemas.event.Actor;
import nod.schemas.event.LockState;
import nod.schemas.event.Topic;
import nod.schemas.event.UserLocked;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

class SharedServersIT {

    @Test
    void givesEachUserAFreshMigratedDatabase() throws SQLException {
        var first = new TestServers();
        var second = new TestServers();

        try (var connection = first.connect();
                var statement = connection.createStatement()) {
            statement.execute("INSERT INTO user_limit (user_id) VALUES ('ann')");
        }
        try (var connection = second.connect();
                var rows = connection.createStatement().executeQuery("TABLE user_limit")) {
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void letsAnAuditorReadWhatWasWritten() {
        var servers = new TestServers();
        var user = UUID.randomUUID().toString();
        var event =
                new UserLocked(
                        user,
                        LockState.RELEASED,
                        null,
                        null,
                        new Actor(Actor.Kind.API_KEY, "test"));
        var envelope = new Envelope<>(UUID.randomUUID(), Instant.EPOCH, Traceparent.start(), event);
        try (var producer =
                        new KafkaProducer<>(
                                Map.of("bootstrap.servers", servers.bootstrapServers()),
                                new StringSerializer(),
                                new ByteArraySerializer());
                var reader =
                        new EventLogReader<>(
                                servers.bootstrapServers(), Topic.USER_LOCKED, UserLocked.class)) {
            producer.send(new EventCodec().encode(envelope));

            assertThat(reader.await(user)).isEqualTo(envelope);
            assertThat(reader.untilNow(user)).hasSize(1);
            assertThat(reader.untilNow("another key")).isEmpty();
        }
    }
}
