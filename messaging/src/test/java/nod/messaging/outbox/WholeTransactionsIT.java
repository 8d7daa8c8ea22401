package nod.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.messaging.MessagingFixture;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WholeTransactionsIT {

    private static final int CALLERS = 2_000;

    private final MessagingFixture service = new MessagingFixture();
    private final DatabaseClient database = service.part(DatabaseClient.class);
    private final TransactionalOperator transaction = service.part(TransactionalOperator.class);

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void leavesNoConnectionInATransactionWhenCallersHangUp() {
        hangUp(transaction.transactional(select("SELECT 1")));

        await().pollDelay(Duration.ofMillis(200))
                .during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(5))
                .until(() -> hiddenTransactions() == 0);
    }

    @Test
    void leavesTheConnectionsToOthersWhenCallersHangUp() {
        hangUp(select("SELECT 1"));

        var others = Flux.range(0, 200).flatMap(_ -> select("SELECT 1"), 100).collectList().block();
        assertThat(others).hasSize(200);
    }

    /** From before the first word to the database until after the last. */
    private static void hangUp(Mono<?> work) {
        var random = new Random(1);
        for (int i = 0; i < CALLERS; i++) {
            var caller = work.subscribe();
            LockSupport.parkNanos(random.nextLong(800_000));
            caller.dispose();
        }
    }

    @Test
    void endsWhatACallerBeganAndDidNotWaitFor() {
        var begun = new CompletableFuture<Boolean>();
        var ended = new CompletableFuture<Integer>();
        var caller =
                select("SELECT 1")
                        .doOnNext(_ -> begun.complete(true))
                        .then(
                                select("SELECT pg_sleep(0.2) IS NULL")
                                        .thenReturn(2)
                                        .doOnNext(ended::complete))
                        .as(transaction::transactional)
                        .subscribe();
        begun.join();
        caller.dispose();

        assertThat(ended.join()).isEqualTo(2);
    }

    private Mono<Object> select(String query) {
        return database.sql(query).map(row -> Objects.requireNonNull(row.get(0))).one();
    }

    private long hiddenTransactions() {
        return (Long)
                Objects.requireNonNull(
                        select(
                                        """
                                        SELECT count(*) FROM pg_stat_activity
                                        WHERE state LIKE 'idle in transaction%'
                                          AND state_change < now() - interval '100 milliseconds'
                                          AND datname = current_database()
                                        """)
                                .block());
    }
}
