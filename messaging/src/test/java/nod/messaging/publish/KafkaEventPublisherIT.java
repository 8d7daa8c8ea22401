package nod.messaging.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.messaging.MessagingFixture;
import nod.messaging.Samples;
import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.messaging.event.Traceparent;
import nod.messaging.testing.EventLogReader;
import nod.schemas.event.LockState;
import nod.schemas.event.Topic;
import nod.schemas.event.UserLocked;

import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.ProducerFactory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaEventPublisherIT {

    private final MessagingFixture service = new MessagingFixture();

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void completesOnceTheEventIsInTheLog() throws Exception {
        var envelope = released("x".repeat(10));

        service.part(EventPublisher.class).publish(envelope).get(10, TimeUnit.SECONDS);

        try (var reader = reader()) {
            assertThat(reader.untilNow(envelope.event().key())).containsExactly(envelope);
        }
    }

    @Test
    void failsAnEventThatKafkaRefusesAndGoesOn() throws Exception {
        var publisher = service.part(EventPublisher.class);
        var tooLarge = publisher.publish(released("x".repeat(2_000_000)));
        var fine = publisher.publish(released("fine"));

        assertThatThrownBy(() -> tooLarge.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RecordTooLargeException.class);
        fine.get(10, TimeUnit.SECONDS);
    }

    @Test
    void sendsWhatIsQueuedBeforeItStops() throws Exception {
        var factory = service.part(ProducerFactory.class);
        @SuppressWarnings("unchecked")
        var publisher =
                new KafkaEventPublisher(
                        factory, new EventCodec(), service.part(EventLogHealth.class));
        publisher.start();
        var published = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 200; i++) {
            published.add(publisher.publish(released("queued")));
        }

        publisher.stop();

        assertThat(published).allMatch(one -> one.isDone() && !one.isCompletedExceptionally());
    }

    @Test
    void failsEventsWhileNoProducerCanBeMadeAndNeverBlocksTheCaller() {
        var unresolvable =
                new DefaultKafkaProducerFactory<String, byte[]>(
                        Map.of("bootstrap.servers", "kafka.invalid:9092"),
                        new StringSerializer(),
                        new ByteArraySerializer());
        var publisher =
                new KafkaEventPublisher(
                        unresolvable, new EventCodec(), service.part(EventLogHealth.class));
        publisher.start();
        try {
            for (int i = 0; i < 2; i++) {
                var refused = publisher.publish(released("refused"));

                assertThatThrownBy(() -> refused.get(10, TimeUnit.SECONDS))
                        .hasMessageContaining("no event could be published");
            }
        } finally {
            publisher.stop();
        }
    }

    private EventLogReader<UserLocked> reader() {
        return new EventLogReader<>(
                service.servers().bootstrapServers(), Topic.USER_LOCKED, UserLocked.class);
    }

    private static Envelope<UserLocked> released(String user) {
        return new Envelope<>(
                UUID.randomUUID(),
                Instant.EPOCH,
                Traceparent.start(),
                new UserLocked(
                        user + UUID.randomUUID(), LockState.RELEASED, null, null, Samples.CALLER));
    }
}
