package nod.messaging.consume;

import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTransientException;

import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

/** Tells a failure that passes by itself from a bug. */
public final class TransientFailures {

    /**
     * PostgreSQL's classes of errors that say nothing about the statement: connection exception,
     * transaction rollback, insufficient resources, operator intervention, system error.
     */
    private static final Set<String> PASSING_CLASSES = Set.of("08", "40", "53", "57", "58");

    /**
     * Errors that an operator mends, whatever the event: a standby that was not promoted yet, a
     * lock that was not to be had, a schema that is not migrated yet, a missing grant.
     */
    private static final Set<String> PASSING_STATES =
            Set.of("25006", "55P03", "42P01", "42703", "42501");

    private TransientFailures() {}

    /**
     * Whether the failure, or what caused it, is of a kind that passes: a database or a broker that
     * can't be reached, is overloaded or does not let this service in, a lost race of two
     * transactions, a time-out.
     */
    public static boolean isTransient(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (passes(cause)) {
                return true;
            }
        }
        return false;
    }

    private static boolean passes(Throwable cause) {
        return switch (cause) {
            case R2dbcTransientException _, R2dbcNonTransientResourceException _ -> true;
            case R2dbcException other -> hasPassingState(other.getSqlState());
            case TransientDataAccessException _, DataAccessResourceFailureException _ -> true;
            case CannotCreateTransactionException _ -> true;
            case RetriableException _, RejectedExecutionException _ -> true;
            // An operator mends it, whatever the record.
            case AuthenticationException _, AuthorizationException _ -> true;
            case IOException _, TimeoutException _ -> true;
            default -> false;
        };
    }

    private static boolean hasPassingState(@Nullable String sqlState) {
        return sqlState != null
                && sqlState.length() == 5
                && (PASSING_CLASSES.contains(sqlState.substring(0, 2))
                        || PASSING_STATES.contains(sqlState));
    }
}
