package nod.gateway.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import nod.gateway.transaction.MobileTransaction.Delivery;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;

class WatchersTest {

    private static final UUID TX = UUID.randomUUID();

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Watchers watchers = new Watchers(metrics);

    private static final class RecordingWatcher implements Watcher {

        private final List<String> told = new ArrayList<>();
        private final boolean followsDeliveries;

        RecordingWatcher(boolean followsDeliveries) {
            this.followsDeliveries = followsDeliveries;
        }

        @Override
        public synchronized void decided() {
            told.add("decided");
        }

        @Override
        public synchronized void delivered(Delivery delivery) {
            told.add(delivery.state());
        }

        @Override
        public synchronized void stopped() {
            told.add("stopped");
        }

        @Override
        public boolean followsDeliveries() {
            return followsDeliveries;
        }
    }

    @Test
    void tellsOnlyThoseWhoFollowTheTransaction() {
        var one = watchers.add(TX, new RecordingWatcher(false));
        var two = watchers.add(TX, new RecordingWatcher(true));
        var other = watchers.add(UUID.randomUUID(), new RecordingWatcher(true));

        watchers.tell(TX, Watcher::decided);
        watchers.tell(
                TX, w -> w.delivered(new Delivery(UUID.randomUUID(), "accepted", Instant.EPOCH)));

        assertThat(one.told).containsExactly("decided", "accepted");
        assertThat(two.told).containsExactly("decided", "accepted");
        assertThat(other.told).isEmpty();
    }

    @Test
    void forgetsWhoeverLeaves() {
        var one = watchers.add(TX, new RecordingWatcher(false));
        assertThat(waiting()).isEqualTo(1);

        watchers.remove(TX, one);
        watchers.remove(TX, one);
        watchers.tell(TX, Watcher::decided);

        assertThat(one.told).isEmpty();
        assertThat(waiting()).isZero();
        assertThat(watchers.followed(_ -> true)).isEmpty();
    }

    @Test
    void namesTheTransactionsThatAreFollowedByAKind() {
        var streamed = UUID.randomUUID();
        watchers.add(TX, new RecordingWatcher(false));
        watchers.add(streamed, new RecordingWatcher(true));

        assertThat(watchers.followed(_ -> true)).containsExactlyInAnyOrder(TX, streamed);
        assertThat(watchers.followed(Watcher::followsDeliveries)).containsExactly(streamed);
    }

    /** Whoever registers while the service begins to stop would else wait for the whole time. */
    @Test
    void tellsEverybodyThatItStopsWhoeverComesFirst() throws Exception {
        for (int round = 0; round < 500; round++) {
            var fresh = new Watchers(new SimpleMeterRegistry());
            var barrier = new CyclicBarrier(2);
            var watcher = new RecordingWatcher(false);
            var adding =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        meet(barrier);
                                        fresh.add(TX, watcher);
                                    });
            meet(barrier);
            fresh.stop();
            adding.join();

            assertThat(watcher.told).contains("stopped");
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException("the other did not come", e);
        }
    }

    private double waiting() {
        return metrics.get("nod.waiting.callers").gauge().value();
    }
}
