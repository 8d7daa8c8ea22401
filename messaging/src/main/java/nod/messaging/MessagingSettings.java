package nod.messaging;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

import java.net.URI;
import java.time.Duration;

/**
 * How a service speaks with the event log.
 *
 * @param topics the topics that are created where they are missing
 * @param outbox how committed events reach Kafka
 * @param consumer how events are worked on
 * @param tracing how a login can be followed through the services
 */
@Validated
@ConfigurationProperties(value = "nod.messaging", ignoreUnknownFields = false)
public record MessagingSettings(
        @Valid @DefaultValue Topics topics,
        @Valid @DefaultValue Outbox outbox,
        @Valid @DefaultValue Consumer consumer,
        @Valid @DefaultValue Tracing tracing) {

    /**
     * The topics that are created where they are missing.
     *
     * @param partitions partitions of a topic when it is created: the most instances of a service
     *     that can share its work
     * @param replicas copies of each partition; -1 leaves the choice to the cluster's default
     * @param retention how long the topics of the event log keep their events when they are
     *     created; one that exists and keeps them shorter is warned of
     * @param deadLetterRetention how long the topics of dead letters keep their records; the same
     *     holds for them
     */
    public record Topics(
            @Min(1) @Max(1000) @DefaultValue("6") int partitions,
            @Min(-1) @Max(9) @DefaultValue("-1") short replicas,
            @DurationMin(days = 1, message = KEPT)
                    @DurationMax(days = 3650, message = KEPT)
                    @DefaultValue("30d")
                    Duration retention,
            @DurationMin(days = 1, message = KEPT)
                    @DurationMax(days = 3650, message = KEPT)
                    @DefaultValue("90d")
                    Duration deadLetterRetention) {

        private static final String KEPT =
                "expected a duration from 1d to 3650d: a service that was down reads on from there";
    }

    /**
     * How committed events reach Kafka.
     *
     * @param sweepAge events that Kafka has not acknowledged this long after their commit are
     *     published again
     */
    public record Outbox(
            @DurationMin(seconds = 1) @DurationMax(minutes = 10) @DefaultValue("5s")
                    Duration sweepAge) {}

    /**
     * How events are worked on.
     *
     * @param window events of one partition that are worked on at the same time
     * @param maxAttempts how often an event is tried before it becomes a dead letter, where the
     *     failure is none that passes by itself
     * @param drain how long a stopping service waits for what it is working on
     */
    public record Consumer(
            @Min(1) @Max(1_000_000) @DefaultValue("5000") int window,
            @Min(1) @Max(100) @DefaultValue("3") int maxAttempts,
            @DurationMin(seconds = 0) @DurationMax(minutes = 5) @DefaultValue("10s")
                    Duration drain) {}

    /**
     * How a login can be followed through the services.
     *
     * @param endpoint where spans are sent to by OTLP over HTTP, the whole URL, such as {@code
     *     http://localhost:4318/v1/traces}; where none is given there are none
     * @param percent how many of a hundred requests that come without a {@code traceparent} begin a
     *     trace that is recorded; of those that bring one, its flag says whether
     */
    public record Tracing(
            @CollectorUrl @Nullable URI endpoint,
            @Min(0) @Max(100) @DefaultValue("10") int percent) {}
}
