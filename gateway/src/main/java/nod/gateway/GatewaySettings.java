package nod.gateway;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

import nod.gateway.security.Secret;
import nod.schemas.event.ItemMode;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * How the gateway serves a deployment.
 *
 * @param publicUrl the URL under which phones reach this gateway, prefix included; https, or http
 *     on a loopback address
 * @param apiKeys API keys of the deployment by their names, which events show; each at least 32
 *     bytes, or {@code sha256:} and the 64 hexadecimal digits of its SHA-256. Further ones are kept
 *     in the database
 * @param bodyTimeout how long the body of a request may take to come; then 408
 * @param trustedProxies networks of the proxies before the gateway, as in {@code 10.0.0.0/8}: the
 *     {@code X-Forwarded-For} of these alone is believed
 * @param connections how many may be open, and how slow they may be
 * @param throttle how often an address may fail, and how often a device
 * @param jwt which JWTs act for whom
 * @param enrollment how phones are enrolled
 * @param transaction what may be asked of them
 * @param pause when they are not asked, because of what became of earlier logins
 * @param pruning how what has had its time leaves the database
 */
@Validated
@ConfigurationProperties(value = "nod.gateway", ignoreUnknownFields = false)
public record GatewaySettings(
        @NotNull(message = "expected the URL under which phones reach this gateway") @SafeUrl
                URI publicUrl,
        Map<String, @UsableKey Secret> apiKeys,
        @DurationMin(millis = 100) @DurationMax(minutes = 5) @DefaultValue("10s")
                Duration bodyTimeout,
        @DefaultValue Set<@NetworkBlock String> trustedProxies,
        @Valid @DefaultValue Connections connections,
        @Valid @DefaultValue Throttle throttle,
        @Valid @DefaultValue Jwt jwt,
        @Valid @DefaultValue Enrollment enrollment,
        @Valid @DefaultValue Transaction transaction,
        @Valid @DefaultValue Pause pause,
        @Valid @DefaultValue Pruning pruning) {

    public GatewaySettings {
        apiKeys = apiKeys == null ? Map.of() : Map.copyOf(apiKeys);
        trustedProxies = Set.copyOf(trustedProxies);
        if (publicUrl != null && !publicUrl.toString().endsWith("/")) {
            publicUrl = URI.create(publicUrl + "/");
        }
    }

    /**
     * How many connections may be open, and how slow they may be. A caller that waits has one of
     * its own.
     *
     * @param max open connections in all; further ones are closed at once
     * @param maxPerAddress open connections of one address, of IPv6 one /64; trusted proxies may
     *     have as many as there may be in all
     * @param headerTimeout how long the head of a request may take to come, from its first byte;
     *     then the connection is closed
     * @param writeTimeout how long a caller may take nothing of an answer; then the connection is
     *     closed
     */
    public record Connections(
            @Min(1) @Max(1_000_000) @DefaultValue("20000") int max,
            @Min(1) @Max(1_000_000) @DefaultValue("10000") int maxPerAddress,
            @DurationMin(millis = 100) @DurationMax(minutes = 5) @DefaultValue("10s")
                    Duration headerTimeout,
            @DurationMin(millis = 100) @DurationMax(minutes = 5) @DefaultValue("30s")
                    Duration writeTimeout) {}

    /**
     * How often an address may fail, and how often a device. Each failure counts for both.
     *
     * @param credentialFailuresPerMinute missing and bad credentials of one address, of IPv6 one
     *     /64, that are answered with 403, and enrolments that are answered with 400; further ones
     *     are answered with 429 until the minute is over, and good ones are always served
     * @param deviceFailuresPerMinute the same of all addresses together, on the paths of one device
     */
    public record Throttle(
            @Min(1) @Max(1_000_000) @DefaultValue("60") int credentialFailuresPerMinute,
            @Min(1) @Max(1_000_000) @DefaultValue("60") int deviceFailuresPerMinute) {}

    /**
     * Which JWTs act for whom. The issuer, the address of its keys and the audiences are given
     * together; without them no JWT is accepted.
     *
     * @param issuer who issued the JWTs, exactly as their {@code iss} says; without it none is
     *     accepted
     * @param jwksUri where the issuer publishes its keys; https, or http on a loopback address
     * @param audiences one of these is in the {@code aud} of a JWT: in authentik the provider's
     *     client id
     * @param deploymentScope the scope that lets a JWT act for the deployment, as an API key does
     * @param ownerScope the scope that lets a JWT act for the devices of its subject
     * @param ownerEnrollment whether such a JWT may enrol further devices for its subject: whoever
     *     steals one could then bring a phone of their own
     * @param keyLifetime how long a key that the issuer has withdrawn may still be accepted
     * @param outageTolerance how long after the last fetch that went well the known keys serve
     *     while the issuer can't be reached
     * @param trustedCertificates a PEM file with the authorities that may have signed the
     *     certificate of the keys' address; without it, those that the JVM trusts
     */
    @ConsistentJwt
    public record Jwt(
            @Nullable String issuer,
            @Nullable @SafeUrl URI jwksUri,
            @DefaultValue Set<@NotBlank String> audiences,
            @Pattern(regexp = "\\S{1,255}", message = SCOPE) @DefaultValue("nod:deployment")
                    String deploymentScope,
            @Pattern(regexp = "\\S{1,255}", message = SCOPE) @DefaultValue("goauthentik.io/api")
                    String ownerScope,
            @DefaultValue("false") boolean ownerEnrollment,
            @DurationMin(minutes = 1) @DurationMax(days = 1) @DefaultValue("5m")
                    Duration keyLifetime,
            @DurationMin(minutes = 0) @DurationMax(days = 7) @DefaultValue("1h")
                    Duration outageTolerance,
            @Nullable Path trustedCertificates) {

        private static final String SCOPE = "expected the name of a scope, without blanks";

        public Jwt {
            audiences = Set.copyOf(audiences);
        }
    }

    /**
     * How phones are enrolled.
     *
     * @param tokenLifetime how long a QR code can be used
     * @param maxDevices how many devices a user may have
     * @param deviceBinding whether a phone has to give a public key, by which it then proves each
     *     of its calls: optional, or required; then a phone without one can't enrol, and one that
     *     enrolled without is refused until it enrols again
     */
    public record Enrollment(
            @DurationMin(minutes = 1) @DurationMax(days = 7) @DefaultValue("30m")
                    Duration tokenLifetime,
            @Min(1) @Max(1000) @DefaultValue("20") int maxDevices,
            @DefaultValue("optional") DeviceBinding deviceBinding) {

        /** Whether a phone has to give a public key. */
        public enum DeviceBinding {
            OPTIONAL,
            REQUIRED
        }
    }

    /**
     * What may be asked of phones.
     *
     * @param allowedModes the item matching modes that a caller may choose; where the contract's
     *     default, number_matching_3, is not among them, the first is the default
     * @param supersede whether a newer transaction withdraws the open ones of the same user
     * @param startsAtOnce how many starts work on the database at a time in a transaction of their
     *     own: those of users who are asked already, paused or held by another start. Further ones
     *     wait up to two seconds, then they are answered with 503. Half of the pool of connections
     *     leaves the other half to what ends logins
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
            @DefaultValue("true") boolean supersede,
            @Min(1) @Max(1000) @DefaultValue("10") int startsAtOnce) {}

    /**
     * When a user is not asked, because of what became of earlier logins. A login that was declined
     * or answered with a wrong item counts, and so does one too many that nobody answered; an
     * accept forgets them all.
     *
     * @param first how long the first pause is; each further one is twice as long as the one
     *     before. {@code 0s}: there are no pauses, and nothing bounds how often a user is asked; a
     *     report still locks
     * @param longest no pause is longer
     * @param forgottenAfter how long a login counts, after which it is as if it had not been
     * @param free how many unanswered logins (expired, superseded or cancelled) within {@code
     *     free-within} do not count
     * @param freeWithin the time to which {@code free} refers
     */
    @ConsistentPause
    public record Pause(
            @DurationMin(seconds = 0) @DurationMax(hours = 24) @DefaultValue("30s") Duration first,
            @DurationMin(seconds = 0) @DurationMax(hours = 24) @DefaultValue("1h") Duration longest,
            @DurationMin(minutes = 1, message = FORGOTTEN)
                    @DurationMax(hours = 24, message = FORGOTTEN)
                    @DefaultValue("24h")
                    Duration forgottenAfter,
            @Min(0) @Max(100) @DefaultValue("2") int free,
            @DurationMin(seconds = 1) @DurationMax(hours = 24) @DefaultValue("10m")
                    Duration freeWithin) {

        private static final String FORGOTTEN =
                "expected a duration from 1m to 24h: what ended earlier may have left the database";

        /** Whether there are pauses at all. */
        public boolean isOn() {
            return first.isPositive();
        }
    }

    /**
     * How what has had its time leaves the database. Transactions are the response-collector's.
     *
     * @param enrollments how long after its QR code has run out an enrolment is kept: a device that
     *     was never confirmed, and the enrollment token, spent or not
     * @param idempotencyKeys how long after the login has expired that was started with it an
     *     Idempotency-Key is kept, and so refused; after that it is a new one
     * @param pauses how long after its end a pause is kept; without one, nothing is kept of a user
     *     whom no open login asks
     * @param interval how often rows are looked for that have had their time
     * @param batchSize how many rows are deleted in one database transaction
     */
    public record Pruning(
            @DurationMin(hours = 1, message = ENROLLMENTS)
                    @DurationMax(days = 3650, message = ENROLLMENTS)
                    @DefaultValue("1d")
                    Duration enrollments,
            @DurationMin(hours = 1, message = KEYS)
                    @DurationMax(days = 3650, message = KEYS)
                    @DefaultValue("1d")
                    Duration idempotencyKeys,
            @DurationMin(hours = 1, message = "expected a duration from 1h to 3650d")
                    @DurationMax(days = 3650, message = "expected a duration from 1h to 3650d")
                    @DefaultValue("1d")
                    Duration pauses,
            @DurationMin(millis = 100) @DurationMax(days = 1) @DefaultValue("1m") Duration interval,
            @Min(1) @Max(10_000) @DefaultValue("500") int batchSize) {

        private static final String ENROLLMENTS =
                "expected a duration from 1h to 3650d: an enrolment that was begun in time may"
                        + " still be under way";

        private static final String KEYS =
                "expected a duration from 1h to 3650d: a caller that tries again late must not"
                        + " start a second login";
    }
}
