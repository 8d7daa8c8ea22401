package nod.gateway.lock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.r2dbc.spi.Readable;

import nod.gateway.GatewaySettings;
import nod.gateway.lock.Ended.Accepted;
import nod.gateway.lock.Ended.Failed;
import nod.schemas.event.LockReason;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads of the transactions what became of users' recent logins. */
@Repository
class LoginHistory {

    /**
     * What came after the last accept, after a release through the API, and not too long ago. The
     * time is that of the statement, not of its transaction, which may have waited for the user's
     * row: what is read here is in the order in which the row was held.
     *
     * <p>A login lasts ten minutes at most, so that one which ended after {@code since} began no
     * longer ago than that. What is left out: logins of which it is known that no push was taken
     * for any asked device. What nobody knows yet counts.
     *
     * <p>Those that count are few, for each that does makes the next one wait; the bound is for
     * those that don't.
     */
    private static final String SELECT =
            """
            WITH known AS MATERIALIZED (
                SELECT asked.user_id, statement_timestamp() AS now, greatest(
                    statement_timestamp() - :kept * interval '1 millisecond',
                    (SELECT forgotten FROM user_limit u WHERE u.user_id = asked.user_id),
                    (SELECT claimed_at FROM transaction t
                     WHERE t.user_id = asked.user_id AND status = 'accept'
                     ORDER BY claimed_at DESC LIMIT 1)) AS since
                FROM unnest(:users) AS asked (user_id)
            )
            SELECT known.user_id, known.now, login.*
            FROM known LEFT JOIN LATERAL (
                SELECT coalesce(claimed_at, expires) AS ended, item, claimed_item,
                    CASE WHEN status = 'deny' THEN reason
                         WHEN status = 'wait' AND claim = 'answer' THEN
                             CASE claimed_item WHEN 'deny' THEN 'declined'
                                               WHEN 'report' THEN 'reported'
                                               ELSE 'answered' END
                         WHEN status = 'wait' AND claim IS NULL AND expires > known.now
                             THEN 'open'
                         ELSE 'unanswered' END AS became
                FROM (SELECT * FROM transaction t
                      WHERE t.user_id = known.user_id AND status NOT IN ('accept', 'undeliverable')
                        AND created > known.since - interval '10 minutes'
                      ORDER BY created DESC LIMIT 1000) recent
                WHERE coalesce(claimed_at, expires) > known.since
                  AND (claim IS NOT DISTINCT FROM 'answer' OR NOT %s)
            ) login ON true
            """
                    .formatted(
                            """
                            (devices <> '{}'
                             AND NOT EXISTS (SELECT 1 FROM unnest(devices) AS asked (device)
                                             LEFT JOIN delivery d
                                               ON d.tx_id = recent.tx_id AND d.device = asked.device
                                             WHERE d.state IS NULL)
                             AND (SELECT count(*) FROM delivery d
                                  WHERE d.tx_id = recent.tx_id
                                    AND d.state IN ('accepted', 'pulled')) = 0)
                            """);

    private final DatabaseClient database;
    private final long keptMillis;

    LoginHistory(DatabaseClient database, GatewaySettings settings) {
        this.database = database;
        this.keptMillis = goesBack(settings).toMillis();
    }

    /** How far: whether the oldest login that counts is free is told by those before it. */
    static Duration goesBack(GatewaySettings settings) {
        return settings.pause().forgottenAfter().plus(settings.pause().freeWithin());
    }

    /** The user's recent logins as they stand. The caller holds the user's row. */
    Mono<History> of(String user) {
        return of(Set.of(user)).map(histories -> requireNonNull(histories.get(user)));
    }

    /** {@link #of(String)} of each of these users. */
    Mono<Map<String, History>> of(Set<String> users) {
        return database.sql(SELECT)
                .bind("users", users.toArray(String[]::new))
                .bind("kept", keptMillis)
                .map(LoginHistory::login)
                .all()
                .collect(
                        groupingBy(
                                Login::user, collectingAndThen(toList(), LoginHistory::history)));
    }

    /**
     * A row of the history.
     *
     * @param user whose it is
     * @param now when it was read
     * @param became how it ended; null where it is open, or there is none
     * @param expires when it will end; null where it has, or there is none
     */
    private record Login(
            String user, Instant now, @Nullable Ended became, @Nullable Instant expires) {}

    private static Login login(Readable row) {
        var user = requireNonNull(row.get("user_id", String.class));
        var now = requireNonNull(row.get("now", Instant.class));
        var at = row.get("ended", Instant.class);
        var became = row.get("became", String.class);
        if (at == null || became == null) {
            return new Login(user, now, null, null);
        }
        return switch (became) {
            case "open" -> new Login(user, now, null, at);
            case "answered" -> new Login(user, now, answered(row, at), null);
            default ->
                    new Login(
                            user,
                            now,
                            new Failed(LockReason.valueOf(became.toUpperCase(Locale.ROOT)), at),
                            null);
        };
    }

    /**
     * What the response-collector will make of an answer that it has not come to. The comparison
     * takes as long wherever the digits differ.
     */
    private static Ended answered(Readable row, Instant at) {
        var right = requireNonNull(row.get("item", String.class));
        var answered = requireNonNull(row.get("claimed_item", String.class));
        return MessageDigest.isEqual(right.getBytes(UTF_8), answered.getBytes(UTF_8))
                ? new Accepted(at)
                : new Failed(LockReason.WRONG_ITEM, at);
    }

    /** There is a row for each user in any case, for the time. */
    private static History history(List<Login> logins) {
        var ended = new ArrayList<Ended>();
        var open = new ArrayList<Instant>();
        for (var login : logins) {
            if (login.became() != null) {
                ended.add(login.became());
            } else if (login.expires() != null) {
                open.add(login.expires());
            }
        }
        ended.sort(Comparator.comparing(Ended::at));
        return new History(logins.getFirst().now(), ended, open);
    }
}
