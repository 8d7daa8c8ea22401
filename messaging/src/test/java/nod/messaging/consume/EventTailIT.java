package nod.messaging.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.messaging.MessagingFixture;
import nod.messaging.Samples;
import nod.messaging.event.Envelope;
import nod.schemas.event.LockReason;
import nod.schemas.event.LockState;
import nod.schemas.event.Topic;
import nod.schemas.event.UserLocked;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventTailIT {

    private final MessagingFixture service = new MessagingFixture();
    private final List<EventTail<?>> started = new ArrayList<>();

    @AfterEach
    void stopTails() {
        started.forEach(EventTail::stop);
        started.clear();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void hearsNewEventsAndNoneFromBefore() throws Exception {
        var before = locked();
        service.write(before);
        var listener = new Listener();
        follow(listener);

        var events = new ArrayList<UserLocked>();
        for (int i = 0; i < 20; i++) {
            events.add(locked());
            service.write(events.getLast());
        }

        await().until(() -> listener.heard.containsAll(events));
        assertThat(listener.heard).doesNotContain(before);
        assertThat(listener.readied).hasValue(1);
    }

    @Test
    void letsEveryInstanceHearEverything() throws Exception {
        var one = new Listener();
        var other = new Listener();
        follow(one);
        follow(other);
        var event = locked();

        service.write(event);

        await().until(() -> one.heard.contains(event) && other.heard.contains(event));
    }

    @Test
    void skipsWhatItCannotRead() throws Exception {
        var listener = new Listener();
        follow(listener);
        var event = locked();

        service.write(new ProducerRecord<>("push.user.locked.v1", event.key(), new byte[] {1}));
        service.write(event);

        await().until(() -> listener.heard.contains(event));
        assertThat(listener.readied).hasValue(1);
    }

    @Test
    void beginsAgainAndSaysSoWhenItsListenerFails() throws Exception {
        var failing = locked();
        var listener =
                new Listener() {
                    @Override
                    public void on(Envelope<UserLocked> event) {
                        if (event.event().equals(failing)) {
                            throw new IllegalStateException("a bug");
                        }
                        super.on(event);
                    }
                };
        follow(listener);

        service.write(failing);

        await().until(() -> listener.readied.get() == 2);
        var event = locked();
        service.write(event);
        await().until(() -> listener.heard.contains(event));
    }

    private void follow(Listener listener) {
        var tail =
                service.part(EventConsumers.class)
                        .tail(Topic.USER_LOCKED, UserLocked.class, listener);
        started.add(tail);
        tail.start();
        await().until(tail::isReady);
    }

    private static UserLocked locked() {
        return new UserLocked(
                UUID.randomUUID().toString(),
                LockState.LOCKED,
                LockReason.REPORTED,
                null,
                Samples.CALLER);
    }

    private static class Listener implements EventTail.Listener<UserLocked> {

        final List<UserLocked> heard = new CopyOnWriteArrayList<>();
        final AtomicInteger readied = new AtomicInteger();

        @Override
        public void on(Envelope<UserLocked> event) {
            heard.add(event.event());
        }

        @Override
        public void onReady() {
            readied.incrementAndGet();
        }
    }
}
