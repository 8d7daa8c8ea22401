package nod.messaging.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

class BatchesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<List<Integer>> begun = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Sinks.One<List<Optional<String>>>> underWay =
            new ConcurrentLinkedQueue<>();

    /** Work that lasts until it is told to end. */
    private Mono<List<Optional<String>>> held(List<Integer> questions) {
        begun.add(questions);
        var end = Sinks.<List<Optional<String>>>one();
        underWay.add(end);
        return end.asMono();
    }

    private void endOne() {
        var batch = begun.get(begun.size() - underWay.size());
        underWay.remove().tryEmitValue(batch.stream().map(i -> Optional.of("a" + i)).toList());
    }

    private static Gathering gathering(int millis) {
        return Gathering.of(Duration.ofMillis(millis), Duration.ofMillis(millis));
    }

    @Test
    void beginsAtOnceWhatComesAlone() {
        var batches = new Batches<Integer, String>(1, 10, this::held);

        CompletableFuture<@Nullable String> answer = batches.ask(1).toFuture();
        assertThat(begun).containsExactly(List.of(1));
        endOne();
        assertThat(answer).isCompletedWithValue("a1");
    }

    @Test
    void doesTogetherWhatCameMeanwhile() {
        var batches = new Batches<Integer, String>(1, 3, this::held);

        var answers = IntStream.rangeClosed(1, 6).mapToObj(i -> batches.ask(i).toFuture()).toList();
        endOne();
        endOne();
        endOne();

        assertThat(begun).containsExactly(List.of(1), List.of(2, 3, 4), List.of(5, 6));
        for (int i = 1; i <= 6; i++) {
            assertThat(answers.get(i - 1)).isCompletedWithValue("a" + i);
        }
    }

    @Test
    void waitsForOthersWhereRequestsAreClose() {
        var batches = new Batches<Integer, String>(2, 10, gathering(200), this::held);

        batches.ask(1).subscribe();
        endOne();
        CompletableFuture<@Nullable String> second = batches.ask(2).toFuture();
        CompletableFuture<@Nullable String> third = batches.ask(3).toFuture();
        assertThat(begun).containsExactly(List.of(1));

        await().atMost(PATIENCE).until(() -> begun.size() == 2);
        assertThat(begun).endsWith(List.of(2, 3));
        endOne();
        assertThat(second).isCompletedWithValue("a2");
        assertThat(third).isCompletedWithValue("a3");
    }

    @Test
    void waitsForNobodyWhereTheLastOneIsLongAgo() throws InterruptedException {
        var batches = new Batches<Integer, String>(1, 10, gathering(20), this::held);

        batches.ask(1).subscribe();
        endOne();
        TimeUnit.MILLISECONDS.sleep(25);
        batches.ask(2).subscribe();

        assertThat(begun).containsExactly(List.of(1), List.of(2));
    }

    /** Who has waited for a turn has waited long enough. */
    @Test
    void goesOnAtOnceWithWhatHasWaitedForItsTurn() throws InterruptedException {
        var batches = new Batches<Integer, String>(1, 10, gathering(20), this::held);

        batches.ask(1).subscribe();
        batches.ask(2).subscribe();
        TimeUnit.MILLISECONDS.sleep(25);
        endOne();

        assertThat(begun).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void keepsTogetherWhoWasAnsweredTogether() {
        var first = new Batches<Integer, String>(1, 10, this::held);
        var next = new Batches<Integer, String>(1, 10, this::held);

        first.ask(1).subscribe();
        IntStream.rangeClosed(2, 4)
                .forEach(i -> first.ask(i).flatMap(_ -> next.ask(10 * i)).subscribe());
        endOne();
        endOne();

        assertThat(begun).containsExactly(List.of(1), List.of(2, 3, 4), List.of(20, 30, 40));
    }

    @Test
    void keepsTogetherWhatIsAskedTogether() {
        var batches = new Batches<Integer, String>(1, 10, this::held);

        Batches.together(() -> IntStream.of(1, 2).forEach(i -> batches.ask(i).subscribe()));

        assertThat(begun).containsExactly(List.of(1, 2));
    }

    @Test
    void beginsWhatWasAskedBeforeAFailure() {
        var batches = new Batches<Integer, String>(1, 10, this::held);

        assertThatThrownBy(
                        () ->
                                Batches.together(
                                        () -> {
                                            batches.ask(1).subscribe();
                                            throw new IllegalStateException("a bug");
                                        }))
                .hasMessage("a bug");

        assertThat(begun).containsExactly(List.of(1));
    }

    @Test
    void turnsAwayWhoComesWhereTheQueueStandsAndTakesInWhoComesAfterIt() throws Exception {
        var shedding = Shedding.of(Duration.ofMillis(50), Duration.ofMillis(20));
        var batches =
                new Batches<Integer, String>(1, 10, Gathering.nothing(), shedding, this::held);

        batches.ask(1).subscribe();
        CompletableFuture<@Nullable String> waits = batches.ask(2).toFuture();
        TimeUnit.MILLISECONDS.sleep(60);
        var tooMany = batches.ask(3);
        assertThatThrownBy(() -> tooMany.block(PATIENCE)).isInstanceOf(CrowdedOutException.class);
        endOne();
        batches.ask(4).subscribe();
        endOne();

        assertThat(waits).isCompletedWithValue("a2");
        assertThat(begun).containsExactly(List.of(1), List.of(2), List.of(4));
        assertThat(batches.waiting()).isZero();
    }

    @Test
    void hasNoMoreUnderWayThanAllowed() {
        var batches = new Batches<Integer, String>(2, 10, this::held);

        IntStream.rangeClosed(1, 4).forEach(i -> batches.ask(i).subscribe());

        assertThat(begun).containsExactly(List.of(1), List.of(2));
        endOne();
        assertThat(begun).endsWith(List.of(3, 4));
    }

    @Test
    void leavesOutWhoHungUpBeforeItsBatchBegan() {
        var batches = new Batches<Integer, String>(1, 10, this::held);

        batches.ask(1).subscribe();
        batches.ask(2).subscribe().dispose();
        batches.ask(3).subscribe();
        endOne();

        assertThat(begun).containsExactly(List.of(1), List.of(3));
    }

    @Test
    void doesNotCancelTheWorkOfOthersWhenOneHangsUp() {
        var batches = new Batches<Integer, String>(1, 10, this::held);

        batches.ask(1).subscribe();
        var leaves = batches.ask(2).subscribe();
        CompletableFuture<@Nullable String> stays = batches.ask(3).toFuture();
        endOne();
        leaves.dispose();
        endOne();

        assertThat(stays).isCompletedWithValue("a3");
    }

    @Test
    void isEmptyWhereThereIsNoAnswer() {
        var batches =
                new Batches<Integer, String>(1, 10, _ -> Mono.just(List.of(Optional.empty())));

        assertThat(batches.ask(1).blockOptional(PATIENCE)).isEmpty();
    }

    @Test
    void failsAllOfABatchAndGoesOn() {
        var batches = new Batches<Integer, String>(1, 10, this::held);

        batches.ask(1).subscribe(_ -> {}, _ -> {});
        CompletableFuture<@Nullable String> second = batches.ask(2).toFuture();
        CompletableFuture<@Nullable String> third = batches.ask(3).toFuture();
        endOne();
        underWay.remove().tryEmitError(new IllegalStateException("the database is away"));
        assertThat(second).isCompletedExceptionally();
        assertThat(third).isCompletedExceptionally();

        CompletableFuture<@Nullable String> fourth = batches.ask(4).toFuture();
        endOne();
        assertThat(fourth).isCompletedWithValue("a4");
    }

    @Test
    void failsWhereTheWorkThrowsOrForgetsAnAnswer() {
        var throwing =
                new Batches<Integer, String>(
                        1,
                        10,
                        _ -> {
                            throw new IllegalStateException("a bug");
                        });
        var forgetful = new Batches<Integer, String>(1, 10, _ -> Mono.just(List.of()));

        assertThatThrownBy(() -> throwing.ask(1).block(PATIENCE)).hasMessage("a bug");
        assertThatThrownBy(() -> forgetful.ask(1).block(PATIENCE))
                .hasMessage("expected an answer for each of 1");
        assertThatThrownBy(() -> throwing.ask(2).block(PATIENCE)).hasMessage("a bug");
    }

    @Test
    void doesNotLetABatchThatHangsKeepTheOthersWaiting() {
        var batches = new Batches<Integer, String>(1, 10, this::firstHangs);

        batches.ask(1).subscribe();

        assertThat(batches.ask(2).block(PATIENCE)).isEqualTo("a2");
    }

    private Mono<List<Optional<String>>> firstHangs(List<Integer> questions) {
        return questions.contains(1) ? Mono.never() : answered(questions);
    }

    private static Mono<List<Optional<String>>> answered(List<Integer> questions) {
        return Mono.just(questions.stream().map(i -> Optional.of("a" + i)).toList());
    }

    /** Arrivals meet ends at every moment: nobody may be left without a batch. */
    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT0.001S"})
    void forgetsNobodyWhereArrivalsMeetEnds(Duration gather) throws Exception {
        var batches =
                new Batches<Integer, String>(
                        2,
                        5,
                        Gathering.of(gather, gather),
                        questions -> answered(questions).publishOn(Schedulers.parallel()));
        int callers = 8;
        int each = 5_000;
        var left = new CountDownLatch(callers * each);
        try (var threads = Executors.newFixedThreadPool(callers)) {
            for (int caller = 0; caller < callers; caller++) {
                threads.execute(
                        () -> {
                            for (int i = 0; i < each; i++) {
                                batches.ask(i).subscribe(_ -> left.countDown());
                            }
                        });
            }
            assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
