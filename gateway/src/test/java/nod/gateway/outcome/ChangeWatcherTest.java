package nod.gateway.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.transaction.MobileTransaction;
import nod.gateway.transaction.MobileTransaction.Delivery;
import nod.schemas.event.ItemMode;
import nod.schemas.event.TransactionStatus;

import org.junit.jupiter.api.Test;

import reactor.test.StepVerifier;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

class ChangeWatcherTest {

    private static final UUID PHONE = UUID.randomUUID();
    private static final UUID TABLET = UUID.randomUUID();

    private final ChangeWatcher watcher = new ChangeWatcher();

    @Test
    void givesReasonToLookAtOnceAndAtEveryChange() {
        StepVerifier.create(watcher.looks())
                .expectNext(true)
                .then(() -> watcher.delivered(delivery(PHONE, "accepted", 1)))
                .expectNext(true)
                .then(watcher::decided)
                .expectNext(true)
                .then(watcher::stopped)
                .verifyComplete();
    }

    @Test
    void givesNoReasonToLookWhereNothingIsNew() {
        StepVerifier.create(watcher.looks())
                .expectNext(true)
                .then(() -> watcher.delivered(delivery(PHONE, "pulled", 1)))
                .expectNext(true)
                .then(() -> watcher.delivered(delivery(PHONE, "pulled", 2)))
                .then(() -> watcher.delivered(delivery(PHONE, "accepted", 3)))
                .then(watcher::stopped)
                .verifyComplete();
    }

    @Test
    void makesOneReasonOfManyWhileNobodyLooks() {
        StepVerifier.create(watcher.looks(), 1)
                .expectNext(true)
                .then(watcher::decided)
                .then(watcher::decided)
                .then(watcher::decided)
                .thenRequest(1)
                .expectNext(true)
                .then(watcher::stopped)
                .verifyComplete();
    }

    /** A reason that is dropped may be the decision. */
    @Test
    void losesNoReasonThatComesFromTwoThreadsAtOnce() throws Exception {
        for (int round = 0; round < 200; round++) {
            var fresh = new ChangeWatcher();
            var seen = new AtomicInteger();
            fresh.looks().subscribe(_ -> seen.incrementAndGet());
            var start = new CountDownLatch(1);
            var one = telling(fresh, start);
            var two = telling(fresh, start);
            start.countDown();
            one.join();
            two.join();

            assertThat(seen).hasValue(1 + 2 * 20);
        }
    }

    private static Thread telling(ChangeWatcher watcher, CountDownLatch start) {
        return Thread.ofPlatform()
                .start(
                        () -> {
                            try {
                                start.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            for (int i = 0; i < 20; i++) {
                                watcher.decided();
                            }
                        });
    }

    @Test
    void showsWhatWasHeardBeforeItIsWritten() {
        watcher.delivered(delivery(PHONE, "accepted", 7));

        var shown = watcher.withHeard(row(delivery(PHONE, "pending", 0), pending(TABLET)));

        assertThat(shown.deliveries())
                .containsExactly(delivery(PHONE, "accepted", 7), pending(TABLET));
    }

    @Test
    void believesTheRowWhereItKnowsMore() {
        watcher.delivered(delivery(PHONE, "unreachable", 7));
        watcher.delivered(delivery(TABLET, "accepted", 7));

        var shown =
                watcher.withHeard(
                        row(delivery(PHONE, "pulled", 9), delivery(TABLET, "accepted", 8)));

        assertThat(shown.deliveries())
                .containsExactly(delivery(PHONE, "pulled", 9), delivery(TABLET, "accepted", 8));
    }

    @Test
    void ranksWhatIsKnownOfADevice() {
        var order = List.of("pending", "rejected", "accepted", "pulled");
        for (var known : order) {
            for (var later : order) {
                var counts = delivery(PHONE, known, 1).orLater(delivery(PHONE, later, 2));
                var expected = order.indexOf(later) > order.indexOf(known) ? later : known;
                assertThat(counts.state()).as(known + " then " + later).isEqualTo(expected);
            }
        }
        assertThat(
                        delivery(PHONE, "rejected", 1)
                                .orLater(delivery(PHONE, "unreachable", 2))
                                .state())
                .isEqualTo("unreachable");
    }

    private static MobileTransaction row(Delivery... deliveries) {
        return new MobileTransaction(
                UUID.randomUUID(),
                "alice",
                List.of(PHONE, TABLET),
                ItemMode.ACCEPT_DENY,
                null,
                TransactionStatus.WAIT,
                null,
                null,
                List.of(deliveries),
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(60),
                null);
    }

    private static Delivery pending(UUID device) {
        return new Delivery(device, "pending", null);
    }

    private static Delivery delivery(UUID device, String state, long at) {
        return new Delivery(device, state, Instant.ofEpochSecond(at));
    }
}
