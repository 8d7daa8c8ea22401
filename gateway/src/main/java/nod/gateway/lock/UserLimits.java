package nod.gateway.lock;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.r2dbc.spi.Readable;

import nod.schemas.event.LockReason;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The users' rows: what serialises a user's starts, and holds the pauses and locks. */
@Repository
public class UserLimits {

    private static final String IN_FORCE =
            "reason IS NOT NULL AND (until IS NULL OR until > now())";

    private static final String COLUMNS =
            "user_id, reason, since, until, extract(epoch FROM until - now())::float8 AS"
                    + " seconds_left";

    private static final String LOCK =
            "SELECT %s, (%s) AS in_force FROM user_limit WHERE user_id = :user FOR NO KEY UPDATE"
                    .formatted(COLUMNS, IN_FORCE);

    /** The row may come into being meanwhile. */
    private static final String CREATE_AND_LOCK =
            """
            INSERT INTO user_limit (user_id) VALUES (:user)
            ON CONFLICT (user_id) DO UPDATE SET user_id = EXCLUDED.user_id
            RETURNING %s, (%s) AS in_force
            """
                    .formatted(COLUMNS, IN_FORCE);

    /**
     * Rows that are missing are made in one order everywhere, so that two who make the same don't
     * wait for each other. One that came into being meanwhile is in neither half. What is in force
     * is looked at behind the rows' key: an index of those that end would be read from end to end.
     */
    private static final String LOCK_UNLIMITED =
            """
            WITH made AS (
                INSERT INTO user_limit (user_id)
                SELECT user_id FROM unnest(:users) AS asked (user_id) ORDER BY user_id
                ON CONFLICT DO NOTHING
                RETURNING user_id
            ), held AS (
                SELECT user_id, (%s) AS in_force FROM user_limit WHERE user_id = ANY(:users)
                FOR NO KEY UPDATE SKIP LOCKED
            )
            SELECT user_id FROM made UNION ALL SELECT user_id FROM held WHERE NOT in_force
            """
                    .formatted(IN_FORCE);

    private final DatabaseClient database;

    UserLimits(DatabaseClient database) {
        this.database = database;
    }

    /**
     * Locks the user's row until the running transaction ends. What is read after it, by a
     * statement of its own, sees what the earlier holder of the lock committed.
     *
     * @return the limit that is in force, if one is
     */
    public Mono<Optional<UserLimit>> lock(String user) {
        // An update would leave a dead row for each login: that is for users without a row alone.
        return locked(LOCK, user).switchIfEmpty(Mono.defer(() -> locked(CREATE_AND_LOCK, user)));
    }

    /**
     * Locks the rows of these users, as {@link #lock} does, but passes over rows that another
     * transaction holds. It waits for nothing but for a row to be made or removed, which is done by
     * short transactions.
     *
     * @return those that are locked now, without a limit in force
     */
    public Mono<Set<String>> lockUnlimited(Set<String> users) {
        return database.sql(LOCK_UNLIMITED)
                .bind("users", users.toArray(String[]::new))
                .map(row -> requireNonNull(row.get("user_id", String.class)))
                .all()
                .collect(toUnmodifiableSet());
    }

    private Mono<Optional<UserLimit>> locked(String sql, String user) {
        return database.sql(sql)
                .bind("user", user)
                .map(
                        row ->
                                requireNonNull(row.get("in_force", Boolean.class))
                                        ? Optional.of(limit(row))
                                        : Optional.<UserLimit>empty())
                .one();
    }

    /** Locks the user out until released: a report. False where that was so already. */
    Mono<Boolean> setReported(String user) {
        return database.sql(
                        """
                        UPDATE user_limit SET reason = 'reported', since = now(), until = NULL
                        WHERE user_id = :user
                          AND NOT (reason IS NOT DISTINCT FROM 'reported' AND until IS NULL)
                        """)
                .bind("user", user)
                .fetch()
                .rowsUpdated()
                .map(rows -> rows == 1);
    }

    /**
     * Writes a pause down. False where a lock is in force, or a pause that lasts as long: neither
     * is ever shortened. The caller holds the user's row.
     */
    Mono<Boolean> setPaused(String user, Pause pause) {
        return database.sql(
                        """
                        UPDATE user_limit SET reason = :reason, since = :since, until = :until
                        WHERE user_id = :user AND (reason IS NULL OR until < :until)
                        """)
                .bind("user", user)
                .bind("reason", pause.reason().text())
                .bind("since", pause.since())
                .bind("until", pause.until())
                .fetch()
                .rowsUpdated()
                .map(rows -> rows == 1);
    }

    /**
     * Lifts whatever is in force, and has what went before forgotten. The caller holds the user's
     * row, and what it reads of later is later than {@code forgotten}.
     */
    Mono<Void> release(String user) {
        return database.sql(
                        """
                        UPDATE user_limit
                        SET reason = NULL, since = NULL, until = NULL,
                            forgotten = statement_timestamp()
                        WHERE user_id = :user
                        """)
                .bind("user", user)
                .then();
    }

    /** How many limits are in force. */
    Mono<Long> count() {
        return database.sql("SELECT count(*) AS n FROM user_limit WHERE " + IN_FORCE)
                .map(row -> requireNonNull(row.get("n", Long.class)))
                .one();
    }

    /** The limits in force, most recent first. */
    Flux<UserLimit> list(long offset, int size) {
        return database.sql(
                        "SELECT %s FROM user_limit WHERE %s ORDER BY since DESC, user_id"
                                        .formatted(COLUMNS, IN_FORCE)
                                + " OFFSET :offset LIMIT :size")
                .bind("offset", offset)
                .bind("size", size)
                .map(UserLimits::limit)
                .all();
    }

    private static UserLimit limit(Readable row) {
        var secondsLeft = row.get("seconds_left", Double.class);
        return new UserLimit(
                requireNonNull(row.get("user_id", String.class)),
                LockReason.valueOf(
                        requireNonNull(row.get("reason", String.class)).toUpperCase(Locale.ROOT)),
                requireNonNull(row.get("since", Instant.class)),
                row.get("until", Instant.class),
                secondsLeft == null ? null : Duration.ofMillis(Math.round(secondsLeft * 1000)));
    }
}
