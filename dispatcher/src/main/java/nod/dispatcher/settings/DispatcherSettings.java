package nod.dispatcher.settings;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

import java.time.Duration;

/**
 * How pushes are sent. Settings: {@code nod.dispatcher.*}.
 *
 * @param fcm Firebase Cloud Messaging; not configured without a service account
 * @param apns Apple Push Notification service; not configured without a signing key
 * @param retry how pushes are tried again
 * @param breaker when a provider that fails is left alone
 * @param maxWaiting pushes that may wait for room at a provider; further ones are tried again later
 */
@Validated
@ConfigurationProperties(value = "nod.dispatcher", ignoreUnknownFields = false)
public record DispatcherSettings(
        @NestedConfigurationProperty @Valid @DefaultValue Fcm fcm,
        @NestedConfigurationProperty @Valid @DefaultValue Apns apns,
        @Valid @DefaultValue Retry retry,
        @Valid @DefaultValue Breaker breaker,
        @Min(0) @Max(1_000_000) @DefaultValue("30000") int maxWaiting) {

    /**
     * How pushes are tried again that could not be delivered to a provider: with waits that double
     * and a random half of each taken off, until the transaction expires.
     *
     * @param first the wait after the first attempt
     * @param longest the longest wait
     * @param margin no attempt begins so shortly before the transaction expires, so that the report
     *     on it is known before
     */
    public record Retry(
            @DurationMin(millis = 10) @DurationMax(minutes = 1) @DefaultValue("500ms")
                    Duration first,
            @DurationMin(millis = 10) @DurationMax(minutes = 10) @DefaultValue("15s")
                    Duration longest,
            @DurationMin(millis = 0) @DurationMax(seconds = 30) @DefaultValue("500ms")
                    Duration margin) {

        public Retry {
            if (longest.compareTo(first) < 0) {
                throw new InvalidSettingException(
                        "nod.dispatcher.retry.longest",
                        longest,
                        "at least nod.dispatcher.retry.first, which is " + first);
            }
        }
    }

    /**
     * When a provider that fails is left alone for a while, so that pushes do not wait for its
     * timeout. Each provider has a breaker of its own.
     *
     * @param failurePercent the share of outages among the answers of the window that opens it
     * @param window the answers of the last so long count, in whole seconds
     * @param minimumCalls but it never opens on fewer answers than this
     * @param openFor how long the provider is left alone before it is probed
     */
    public record Breaker(
            @Min(1) @Max(100) @DefaultValue("50") int failurePercent,
            @DurationMin(seconds = 1) @DurationMax(minutes = 10) @DefaultValue("30s")
                    Duration window,
            @Min(1) @Max(100_000) @DefaultValue("20") int minimumCalls,
            @DurationMin(millis = 100) @DurationMax(minutes = 10) @DefaultValue("5s")
                    Duration openFor) {}
}
