package nod.collector.authentik;

import io.r2dbc.spi.Readable;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** The gateway's rows, as far as an event tells of them. Thread-safe. */
@Repository
class Logins {

    private static final String FIND =
            """
            SELECT tx_id, context ->> 'client_ip' AS client_ip,
                context ->> 'application' AS application, context ->> 'domain' AS domain
            FROM transaction
            WHERE tx_id = ANY(:transactions)
            """;

    private final DatabaseClient database;

    Logins(DatabaseClient database) {
        this.database = database;
    }

    /** Those that are still there, by their transaction. */
    Mono<Map<UUID, Login>> of(List<UUID> transactions) {
        return database.sql(FIND)
                .bind("transactions", transactions.toArray(UUID[]::new))
                .map(row -> Map.entry(txId(row), login(row)))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private static UUID txId(Readable row) {
        return Objects.requireNonNull(row.get("tx_id", UUID.class));
    }

    private static Login login(Readable row) {
        return new Login(
                row.get("client_ip", String.class),
                row.get("application", String.class),
                row.get("domain", String.class));
    }
}
