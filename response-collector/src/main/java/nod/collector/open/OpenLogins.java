package nod.collector.open;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.spi.Readable;

import nod.messaging.sweep.SweepLoop;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** Looks up the logins that are not decided, for the metrics; by any instance, all of them. */
@Component
final class OpenLogins extends SweepLoop {

    /** Logins that wait for an answer. */
    static final String OPEN = "nod.collector.open";

    /** The age of the oldest answer, or withdrawal, that is not decided. */
    static final String UNDECIDED = "nod.collector.undecided.oldest";

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Two partial indexes hold what it looks at; the limit bounds the first. */
    private static final String LOOK =
            """
            SELECT
                (SELECT count(*) FROM (
                    SELECT FROM transaction WHERE status = 'wait' AND claim IS NULL LIMIT 100000))
                    AS open,
                coalesce(extract(epoch FROM now() - (
                    SELECT min(claimed_at) FROM transaction
                    WHERE status = 'wait' AND claim IS NOT NULL)), 0)::float8 AS undecided
            """;

    private final DatabaseClient database;
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong undecidedMillis = new AtomicLong();

    OpenLogins(DatabaseClient database, MeterRegistry metrics) {
        super("open-logins", INTERVAL);
        this.database = database;
        Gauge.builder(OPEN, open, AtomicLong::get)
                .description("Logins that wait for an answer, counted up to 100,000")
                .register(metrics);
        Gauge.builder(UNDECIDED, undecidedMillis, age -> age.get() / 1000.0)
                .description("Age of the oldest answer or withdrawal that is not decided")
                .baseUnit("seconds")
                .register(metrics);
    }

    @Override
    protected boolean sweep() {
        await(database.sql(LOOK).map(this::looked).one());
        return false;
    }

    private Boolean looked(Readable row) {
        open.set(Objects.requireNonNull(row.get("open", Long.class)));
        var age = Objects.requireNonNull(row.get("undecided", Double.class));
        undecidedMillis.set(Math.round(age * 1000));
        return true;
    }
}
