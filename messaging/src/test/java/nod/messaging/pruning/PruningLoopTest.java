package nod.messaging.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

class PruningLoopTest {

    private static final int BATCH = 10;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<String> turns = new CopyOnWriteArrayList<>();
    private List<PruningLoop> loops = List.of();

    @AfterEach
    void stop() {
        loops.forEach(PruningLoop::stop);
    }

    @Test
    void goesOnAsLongAsBatchesAreFullAndCountsWhatItDeleted() {
        var old = new Rows("old", 25);

        start(Duration.ofMillis(10), old);

        await().until(() -> pruned("old") == 25);
        assertThat(old.left).hasValue(0);
    }

    @Test
    void givesEachTableItsTurnSoThatALongBacklogHoldsUpNoOther() {
        start(Duration.ofMillis(10), new Rows("long", 35), new Rows("short", 15));

        await().until(() -> pruned("long") == 35 && pruned("short") == 15);
        assertThat(turns).startsWith("long", "short", "long", "short", "long", "short", "long");
    }

    @Test
    void prunesTheOthersWhereOneFailsAndTriesThatOneAgain() {
        var broken = new Rows("broken", 5);
        broken.failures.set(2);

        start(Duration.ofMillis(10), broken, new Rows("sound", 5));

        await().until(() -> pruned("sound") == 5 && pruned("broken") == 5);
    }

    @Test
    void letsTheBatchUnderWayFinishWhenItIsStopped() throws Exception {
        var begun = new CountDownLatch(1);
        var gate = new CompletableFuture<@Nullable Void>();
        var slow =
                new Rows("slow", 2 * BATCH) {
                    @Override
                    public Mono<Long> prune(int limit) {
                        begun.countDown();
                        return Mono.fromFuture(gate).then(super.prune(limit));
                    }
                };
        var loop = start(Duration.ofMillis(1), slow);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        var stopped = CompletableFuture.runAsync(loop::stop);
        await().until(() -> !loop.isRunning());
        gate.complete(null);
        stopped.get(10, TimeUnit.SECONDS);

        assertThat(pruned("slow")).isEqualTo(BATCH);
    }

    private PruningLoop start(Duration interval, Rows... tables) {
        var loop = new PruningLoop(List.of(tables), interval, BATCH, metrics);
        loops = List.of(loop);
        loop.start();
        return loop;
    }

    private double pruned(String table) {
        return metrics.counter(PruningLoop.PRUNED, "table", table).count();
    }

    /** So many rows that have had their time. */
    private class Rows implements Prunable {

        private final String table;
        private final AtomicLong left;
        private final AtomicLong failures = new AtomicLong();

        Rows(String table, int left) {
            this.table = table;
            this.left = new AtomicLong(left);
        }

        @Override
        public String table() {
            return table;
        }

        @Override
        public Mono<Long> prune(int limit) {
            turns.add(table);
            if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                return Mono.error(new IllegalStateException("the database is away"));
            }
            var batch = Math.min(limit, left.get());
            left.addAndGet(-batch);
            return Mono.just(batch);
        }
    }
}
