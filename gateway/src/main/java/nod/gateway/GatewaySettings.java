package nod.gateway;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;

import nod.gateway.security.Secret;
import nod.schemas.event.ItemMode;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * How the gateway serves a deployment.
 *
 * @param publicUrl the URL under which phones reach this gateway, prefix included; https, or http
 *     on a loopback address
 * @param apiKeys the API keys of the deployment by their names, which events show; each at least 32
 *     bytes
 * @param bodyTimeout how long the body of a request may take to come; then 408
 * @param enrollment how phones are enrolled
 * @param transaction what may be asked of them
 */
@Validated
@ConfigurationProperties(value = "nod.gateway", ignoreUnknownFields = false)
public record GatewaySettings(
        @NotNull(message = "expected the URL under which phones reach this gateway") @PublicUrl
                URI publicUrl,
        @NotEmpty(message = "expected at least one API key, as nod.gateway.api-keys.NAME=KEY")
                Map<String, @LongEnough Secret> apiKeys,
        @DurationMin(millis = 100) @DurationMax(minutes = 5) @DefaultValue("10s")
                Duration bodyTimeout,
        @Valid @DefaultValue Enrollment enrollment,
        @Valid @DefaultValue Transaction transaction) {

    public GatewaySettings {
        apiKeys = apiKeys == null ? Map.of() : Map.copyOf(apiKeys);
        if (publicUrl != null && !publicUrl.toString().endsWith("/")) {
            publicUrl = URI.create(publicUrl + "/");
        }
    }

    /**
     * How phones are enrolled.
     *
     * @param tokenLifetime how long a QR code can be used
     * @param maxDevices how many devices a user may have
     */
    public record Enrollment(
            @DurationMin(minutes = 1) @DurationMax(days = 7) @DefaultValue("30m")
                    Duration tokenLifetime,
            @Min(1) @Max(1000) @DefaultValue("20") int maxDevices) {}

    /**
     * What may be asked of phones.
     *
     * @param allowedModes the item matching modes that a caller may choose; where the contract's
     *     default, number_matching_3, is not among them, the first is the default
     * @param supersede whether a newer transaction withdraws the open ones of the same user
     */
    public record Transaction(
            @NotEmpty(message = "expected at least one item matching mode")
                    @DefaultValue({
                        "accept_deny",
                        "number_matching_2",
                        "number_matching_3",
                        "number_entry_6"
                    })
                    Set<ItemMode> allowedModes,
            @DefaultValue("true") boolean supersede) {}
}
