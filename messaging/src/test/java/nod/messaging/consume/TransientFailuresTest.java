package nod.messaging.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.R2dbcBadGrammarException;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTransientResourceException;

import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.CannotCreateTransactionException;

import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

class TransientFailuresTest {

    static Stream<Throwable> passing() {
        return Stream.of(
                new R2dbcTransientResourceException("too many connections"),
                new R2dbcNonTransientResourceException("connection closed"),
                new DataAccessResourceFailureException("no connection"),
                new CannotCreateTransactionException("no connection"),
                new CannotAcquireLockException("deadlock"),
                new TimeoutException("Kafka did not answer"),
                new TopicAuthorizationException("no right to write"),
                new SaslAuthenticationException("the password was changed"),
                new java.util.concurrent.TimeoutException("too slow"),
                new RejectedExecutionException("full"),
                new ConnectException("refused"),
                new CompletionException(new IllegalStateException(new ConnectException("no"))));
    }

    static Stream<Throwable> faults() {
        return Stream.of(
                new IllegalStateException("a bug"),
                new NullPointerException(),
                new RecordTooLargeException("5 MB"),
                new R2dbcDataIntegrityViolationException("duplicate", "23505"),
                new R2dbcBadGrammarException("syntax", "42601"));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void knowsWhatPassesByItself(Throwable failure) {
        assertThat(TransientFailures.isTransient(failure)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void knowsWhatDoesNot(Throwable failure) {
        assertThat(TransientFailures.isTransient(failure)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08006", "40001", "40P01", "53300", "57P01", "57014", "58030", "25006", "42P01",
                "42703", "42501", "55P03"
            })
    void waitsForADatabaseThatIsNotReadyForTheStatement(String sqlState) {
        assertThat(TransientFailures.isTransient(new Failure(sqlState))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "22001", "42601", "", "08"})
    void blamesTheStatementForOtherStates(String sqlState) {
        assertThat(TransientFailures.isTransient(new Failure(sqlState))).isFalse();
    }

    @Test
    void takesNoFailureForNone() {
        assertThat(TransientFailures.isTransient(null)).isFalse();
    }

    private static final class Failure extends R2dbcException {
        Failure(String sqlState) {
            super("failed", sqlState);
        }
    }
}
