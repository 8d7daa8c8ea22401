package nod.messaging.consume;

import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTransientException;

import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

/** Tells a failure that passes by itself from a bug. */
public final class TransientFailures {

    /**
     * PostgreSQL's classes of errors that say nothing about the statement: connection exception,
     * transaction rollback, insufficient resources, operator intervention, system error.
     */
    private static final String PASSING = "08|40|53|57|58";

    private TransientFailures() {}

    /**
     * Whether the failure, or what caused it, is of a kind that passes: a database or a broker that
     * can't be reached or is overloaded, a lost race of two transactions, a time-out.
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
            case IOException _, TimeoutException _ -> true;
            default -> false;
        };
    }

    private static boolean hasPassingState(@Nullable String sqlState) {
        return sqlState != null
                && sqlState.length() == 5
                && sqlState.substring(0, 2).matches(PASSING);
    }
}
