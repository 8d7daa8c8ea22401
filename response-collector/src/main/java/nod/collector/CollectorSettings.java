package nod.collector;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

import java.time.Duration;

/**
 * How the response collector decides.
 *
 * @param expiry how transactions are closed that nobody answered
 * @param recovery how claims are decided whose event did not come
 * @param pruning how decided transactions leave the database
 */
@Validated
@ConfigurationProperties(value = "nod.response-collector", ignoreUnknownFields = false)
public record CollectorSettings(
        @Valid @DefaultValue Expiry expiry,
        @Valid @DefaultValue Recovery recovery,
        @Valid @DefaultValue Pruning pruning) {

    /**
     * How transactions are closed that nobody answered.
     *
     * @param interval how often they are looked for: about how late an expiry may be told
     * @param batchSize how many are closed in one database transaction
     */
    public record Expiry(
            @DurationMin(millis = 10, message = "expected a duration from 10ms to 1m")
                    @DurationMax(minutes = 1, message = "expected a duration from 10ms to 1m")
                    @DefaultValue("500ms")
                    Duration interval,
            @Min(value = 1, message = "expected a number from 1 to 10000")
                    @Max(value = 10_000, message = "expected a number from 1 to 10000")
                    @DefaultValue("500")
                    int batchSize) {}

    /**
     * How decided transactions leave the database.
     *
     * @param transactions how long after its decision a transaction is kept, with its deliveries:
     *     at least the day in which a phone may still report it
     * @param interval how often transactions are looked for that have been kept so long
     * @param batchSize how many transactions are deleted in one database transaction
     */
    public record Pruning(
            @DurationMin(days = 1, message = KEPT)
                    @DurationMax(days = 3650, message = KEPT)
                    @DefaultValue("30d")
                    Duration transactions,
            @DurationMin(millis = 100, message = "expected a duration from 100ms to 1d")
                    @DurationMax(days = 1, message = "expected a duration from 100ms to 1d")
                    @DefaultValue("1m")
                    Duration interval,
            @Min(value = 1, message = "expected a number from 1 to 10000")
                    @Max(value = 10_000, message = "expected a number from 1 to 10000")
                    @DefaultValue("500")
                    int batchSize) {

        private static final String KEPT =
                "expected a duration from 1d to 3650d: for a day after its start a phone may report"
                        + " a login";
    }

    /**
     * How claims are decided whose event did not come.
     *
     * @param after how long after an answer or a withdrawal its transaction is decided without the
     *     event; far longer than an event takes, also to the instance that takes over from another
     * @param interval how often they are looked for
     * @param batchSize how many are decided in one database transaction
     */
    public record Recovery(
            @DurationMin(seconds = 10, message = "expected a duration from 10s to 1h")
                    @DurationMax(hours = 1, message = "expected a duration from 10s to 1h")
                    @DefaultValue("30s")
                    Duration after,
            @DurationMin(seconds = 1, message = "expected a duration from 1s to 10m")
                    @DurationMax(minutes = 10, message = "expected a duration from 1s to 10m")
                    @DefaultValue("5s")
                    Duration interval,
            @Min(value = 1, message = "expected a number from 1 to 10000")
                    @Max(value = 10_000, message = "expected a number from 1 to 10000")
                    @DefaultValue("100")
                    int batchSize) {}
}
