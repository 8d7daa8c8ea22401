package nod.dispatcher.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import java.util.ArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

class InFlightTest {

    private final InFlight inFlight = new InFlight(2, 2, 3);

    @Test
    void runsNoMoreThanTheLimitAndTheRestInOrder() {
        var ends = new ArrayList<Sinks.One<Integer>>();
        var results = new ArrayList<Integer>();
        for (int i = 0; i < 5; i++) {
            Sinks.One<Integer> end = Sinks.one();
            ends.add(end);
            inFlight.run(end.asMono(), -1).subscribe(results::add);
        }
        assertThat(inFlight.running()).isEqualTo(2);
        assertThat(inFlight.waiting()).isEqualTo(3);

        for (int i = 0; i < 5; i++) {
            ends.get(i).tryEmitValue(i).orThrow();
        }

        assertThat(results).containsExactly(0, 1, 2, 3, 4);
        assertThat(inFlight.running()).isZero();
        assertThat(inFlight.waiting()).isZero();
    }

    @Test
    void turnsAwayWhoFindsTheLineFull() {
        for (int i = 0; i < 5; i++) {
            inFlight.run(Mono.never(), -1).subscribe();
        }

        assertThat(inFlight.run(Mono.just(1), -1).block()).isEqualTo(-1);
        assertThat(inFlight.waiting()).isEqualTo(3);
    }

    @Test
    void whoCancelsLeavesTheLineOrItsPlace() {
        var first = inFlight.run(Mono.never(), -1).subscribe();
        inFlight.run(Mono.never(), -1).subscribe();
        var waiting = inFlight.run(Mono.never(), -1).subscribe();
        var results = new ArrayList<Integer>();
        inFlight.run(Mono.just(1), -1).subscribe(results::add);

        waiting.dispose();
        assertThat(inFlight.waiting()).isEqualTo(1);
        first.dispose();

        assertThat(results).containsExactly(1);
        assertThat(inFlight.running()).isEqualTo(1);
    }

    @Test
    void fewRunUntilItIsWidened() {
        var cautious = new InFlight(1, 3, 10);
        for (int i = 0; i < 4; i++) {
            cautious.run(Mono.never(), -1).subscribe();
        }
        assertThat(cautious.running()).isEqualTo(1);

        cautious.widen();

        assertThat(cautious.running()).isEqualTo(3);
        assertThat(cautious.waiting()).isEqualTo(1);
    }

    @Test
    void aFailureFreesItsPlace() {
        inFlight.run(Mono.error(new IllegalStateException("bug")), -1).onErrorComplete().block();

        assertThat(inFlight.running()).isZero();
    }

    @Test
    void aLongLineThatEndsAtOnceDoesNotOverflowTheStack() {
        var wide = new InFlight(1, 1, 200_000);
        Sinks.One<Integer> gate = Sinks.one();
        var results = new AtomicInteger();
        wide.run(gate.asMono(), -1).subscribe();
        for (int i = 0; i < 100_000; i++) {
            wide.run(Mono.just(1), -1).subscribe(results::addAndGet);
        }

        gate.tryEmitValue(0).orThrow();

        assertThat(results).hasValue(100_000);
    }

    @Test
    void manyThreadsNeverExceedTheLimitAndLoseNobody() {
        var narrow = new InFlight(7, 7, 100_000);
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var call =
                Mono.fromSupplier(
                                () -> {
                                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                    return 1;
                                })
                        .flatMap(
                                one ->
                                        ThreadLocalRandom.current().nextBoolean()
                                                ? Mono.just(one)
                                                : Mono.just(one).publishOn(Schedulers.parallel()))
                        .doOnSuccess(_ -> now.decrementAndGet());

        var done =
                Flux.range(0, 20_000)
                        .flatMap(_ -> narrow.run(call, -1).subscribeOn(Schedulers.parallel()), 1000)
                        .count()
                        .block();

        assertThat(done).isEqualTo(20_000);
        assertThat(most.get()).isBetween(1, 7);
        // A place is given back after its result was: the last one may be on its way.
        await().until(() -> narrow.running() == 0);
    }
}
