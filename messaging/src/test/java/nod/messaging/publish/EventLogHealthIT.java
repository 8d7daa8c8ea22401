package nod.messaging.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.messaging.MessagingSettings;
import nod.messaging.consume.EventConsumer;
import nod.messaging.testing.TestServers;
import nod.schemas.event.Topic;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.core.ParameterizedTypeReference;

import reactor.test.StepVerifier;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

@Isolated
class EventLogHealthIT {

    private static final Duration PROMPTLY = Duration.ofMillis(1_000);

    private final List<EventLogHealth> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(EventLogHealth::stop);
    }

    @Test
    void saysYesWhileKafkaAnswers() {
        var health = start(new TestServers().bootstrapServers());

        await().until(health::wasReachable);
        assertThat(health.isReachable().block(PROMPTLY)).isTrue();
    }

    @Test
    void saysNoWithinASecondWhereNobodyListens() throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        var health = start("127.0.0.1:" + free);

        for (int i = 0; i < 3; i++) {
            assertThat(health.isReachable().block(PROMPTLY)).isFalse();
        }
    }

    @Test
    void saysNoWithinASecondWhereSomebodyAcceptsAndNeverAnswers() throws IOException {
        try (var mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var health = start("127.0.0.1:" + mute.getLocalPort());

            assertThat(health.isReachable().block(PROMPTLY)).isFalse();
        }
    }

    @Test
    void goesOnAskingWhereTheNameOfKafkaDoesNotResolve() {
        var health = start("kafka.invalid:9092");

        // Each of them waits for a probe of its own: the thread is alive.
        for (int i = 0; i < 3; i++) {
            assertThat(health.isReachable().block(PROMPTLY)).isFalse();
        }
    }

    @Test
    void believesAnAcknowledgementForASecond() {
        var health = health("127.0.0.1:1");

        health.acknowledged();

        assertThat(health.isReachable().block(PROMPTLY)).isTrue();
        await().until(() -> !Boolean.TRUE.equals(health.isReachable().block(PROMPTLY)));
    }

    @Test
    void doesNotLendItsThreadToCallers() {
        var health = start("127.0.0.1:1");

        StepVerifier.create(health.isReachable().map(_ -> Thread.currentThread().getName()))
                .assertNext(thread -> assertThat(thread).doesNotContain("event-log-health"))
                .verifyComplete();
    }

    private EventLogHealth start(String bootstrapServers) {
        var health = health(bootstrapServers);
        started.add(health);
        health.start();
        return health;
    }

    private static EventLogHealth health(String bootstrapServers) {
        var settings =
                new MessagingSettings.Topics(
                        6, (short) -1, Topic.RETENTION, Topic.DEAD_LETTER_RETENTION);
        var none =
                new DefaultListableBeanFactory()
                        .getBeanProvider(new ParameterizedTypeReference<EventConsumer<?>>() {});
        return new EventLogHealth(
                Map.of("bootstrap.servers", bootstrapServers), new TopicCreation(settings, none));
    }
}
