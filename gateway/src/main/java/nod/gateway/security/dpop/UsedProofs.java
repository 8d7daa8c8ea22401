package nod.gateway.security.dpop;

import static java.util.Objects.requireNonNull;

import nod.gateway.security.TokenHash;
import nod.messaging.batch.Batches;
import nod.messaging.pruning.Prunable;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** The proofs that were used, on any gateway, until they would be refused for their age. */
@Repository
class UsedProofs implements Prunable {

    /** From the first moment of a proof's window to the last. */
    private static final Duration KEPT = ProofCheck.WINDOW.multipliedBy(2);

    /** Gateways whose clocks differ by less do not take a proof twice. */
    private static final Duration BETWEEN_CLOCKS = Duration.ofMinutes(1);

    /** The more come in the meantime, the fewer statements each takes. */
    private static final int AT_ONCE = 1;

    private static final int TOGETHER = 250;

    /** In one order everywhere, so that two that spend the same don't lock each other out. */
    private static final String INSERT =
            """
            INSERT INTO dpop_jti (hash, expires)
            SELECT decode(hash, 'hex'), now() + :kept * interval '1 millisecond'
            FROM unnest(:hashes) AS proof (hash) ORDER BY hash
            ON CONFLICT DO NOTHING
            RETURNING hash
            """;

    private static final String DELETE =
            """
            DELETE FROM dpop_jti WHERE hash = ANY(ARRAY(
                SELECT hash FROM dpop_jti
                WHERE expires < now() - :age * interval '1 millisecond'
                ORDER BY expires
                LIMIT %d
                FOR UPDATE SKIP LOCKED))
            """;

    private final DatabaseClient database;
    private final Batches<TokenHash, Boolean> spendings =
            new Batches<>(AT_ONCE, TOGETHER, this::spendAll);

    UsedProofs(DatabaseClient database) {
        this.database = database;
    }

    /**
     * Uses a proof up, for good: what becomes of its request does not matter.
     *
     * @return whether it was not used before; of two at once, wherever, one hears true
     */
    Mono<Boolean> spend(UUID device, String jti) {
        return spendings.ask(TokenHash.of(device + " " + jti));
    }

    /** Of equal ones that are spent together, the first was not used before. */
    private Mono<List<Optional<Boolean>>> spendAll(List<TokenHash> proofs) {
        return database.sql(INSERT)
                .bind("hashes", proofs.stream().map(TokenHash::hex).toArray(String[]::new))
                .bind("kept", KEPT.toMillis())
                .map(row -> TokenHash.ofBytes(requireNonNull(row.get("hash", byte[].class))))
                .all()
                .collect(Collectors.toCollection(HashSet::new))
                .map(
                        fresh ->
                                proofs.stream()
                                        .map(proof -> Optional.of(fresh.remove(proof)))
                                        .toList());
    }

    @Override
    public String table() {
        return "dpop_jti";
    }

    @Override
    public Mono<Long> prune(int limit) {
        return database.sql(DELETE.formatted(limit))
                .bind("age", BETWEEN_CLOCKS.toMillis())
                .fetch()
                .rowsUpdated();
    }
}
