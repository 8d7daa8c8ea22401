package nod.messaging.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import nod.messaging.MessagingFixture;
import nod.schemas.event.Actor;
import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.Topic;
import nod.schemas.event.TransactionWithdrawn;
import nod.schemas.event.UserLocked;
import nod.schemas.event.Withdrawal;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Isolated;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

@Isolated
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventConsumersIT {

    private static final Topic TOPIC = Topic.TRANSACTION_WITHDRAWN;
    private static final int EVENTS = 60;

    private final MessagingFixture service = new MessagingFixture();

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void refusesATopicWhoseDeadLettersNoCommandWouldFind() {
        assertThatThrownBy(
                        () ->
                                service.part(EventConsumers.class)
                                        .inGroup(
                                                ConsumerGroup.GATEWAY,
                                                Topic.USER_LOCKED,
                                                UserLocked.class,
                                                Pace.AT_ONCE,
                                                _ -> List.of()))
                .hasMessageContaining("the group gateway: expected one of [DELIVERY_REPORTED]");
    }

    /** Each is acknowledged before the next is written: at once, few would meet. */
    @Test
    void gathersWhatNobodyWaitsFor() throws Exception {
        var group = service.freshGroup(TOPIC);
        var batches = new CopyOnWriteArrayList<Integer>();
        var consumer =
                service.part(EventConsumers.class)
                        .inGroup(
                                group,
                                TOPIC,
                                TransactionWithdrawn.class,
                                Pace.GATHERED,
                                batch -> {
                                    batches.add(batch.size());
                                    return batch.stream()
                                            .map(_ -> CompletableFuture.completedFuture(null))
                                            .toList();
                                });
        consumer.start();
        await().until(consumer::isAssigned);
        var began = System.nanoTime();
        for (int i = 0; i < EVENTS; i++) {
            service.write(event());
        }
        long fifths = (System.nanoTime() - began) / 200_000_000;

        await().until(() -> batches.stream().mapToInt(n -> n).sum() == EVENTS);
        consumer.stop();
        // One for each fifth of a second, one that began before, and one more for each end.
        assertThat(batches).hasSizeLessThanOrEqualTo((int) fifths + 3);
    }

    private static TransactionWithdrawn event() {
        return new TransactionWithdrawn(
                UUID.randomUUID(),
                Withdrawal.CANCELLED,
                Instant.EPOCH,
                new Actor(Actor.Kind.API_KEY, "gathered"));
    }
}
