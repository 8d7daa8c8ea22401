package nod.collector;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

import nod.collector.authentik.ApiToken;
import nod.collector.webhook.SigningKey;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the response collector decides.
 *
 * @param expiry how transactions are closed that nobody answered
 * @param recovery how claims are decided whose event did not come
 * @param pruning how decided transactions leave the database
 * @param webhooks who is told of outcomes, each under a name of lower-case letters, digits and
 *     dashes; what each takes is told on the page of webhooks
 * @param deliveries how webhooks and authentik are told
 * @param authentik whose log of events is told of outcomes
 */
@Validated
@ConfigurationProperties(value = "nod.response-collector", ignoreUnknownFields = false)
public record CollectorSettings(
        @Valid @DefaultValue Expiry expiry,
        @Valid @DefaultValue Recovery recovery,
        @Valid @DefaultValue Pruning pruning,
        Map<@Pattern(regexp = "[a-z0-9-]{1,40}", message = NAME) String, @Valid Webhook> webhooks,
        @Valid @DefaultValue Deliveries deliveries,
        @Valid @DefaultValue Authentik authentik) {

    private static final String NAME =
            "expected a name of 1 to 40 lower-case letters, digits and dashes";

    public CollectorSettings {
        webhooks = webhooks == null ? Map.of() : Map.copyOf(webhooks);
    }

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

    /**
     * An endpoint that is told of outcomes.
     *
     * @param url where outcomes are posted to; https, or http to the machine itself where private
     *     addresses are allowed
     * @param secrets what each message is signed with, {@code whsec_} or {@code whsk_} and base64;
     *     several while a key is replaced
     * @param statuses outcomes of which status it wants; of any, where none is given
     * @param reasons outcomes of which reason it wants; of any and of none, where none is given
     * @param timeout how long a try may take as a whole
     * @param retryFor how long after its decision an outcome is tried; it is given up with the try
     *     whose next one would be later
     * @param maxInFlight the most tries that one instance has under way
     * @param allowPrivateAddresses whether the host may be on a network that is not the internet
     */
    @SafeWebhook
    public record Webhook(
            @NotNull(message = "expected the URL that outcomes are posted to") URI url,
            @NotEmpty(message = "expected one secret or more to sign with")
                    List<@UsableSigningKey SigningKey> secrets,
            @DefaultValue Set<TransactionStatus> statuses,
            @DefaultValue Set<OutcomeReason> reasons,
            @DurationMin(seconds = 1, message = "expected a duration from 1s to 30s")
                    @DurationMax(seconds = 30, message = "expected a duration from 1s to 30s")
                    @DefaultValue("15s")
                    Duration timeout,
            @DurationMin(minutes = 1, message = "expected a duration from 1m to 7d")
                    @DurationMax(days = 7, message = "expected a duration from 1m to 7d")
                    @DefaultValue("3d")
                    Duration retryFor,
            @Min(value = 1, message = "expected a number from 1 to 64")
                    @Max(value = 64, message = "expected a number from 1 to 64")
                    @DefaultValue("4")
                    int maxInFlight,
            @DefaultValue("false") boolean allowPrivateAddresses) {

        public Webhook {
            secrets = secrets == null ? List.of() : List.copyOf(secrets);
            statuses = Set.copyOf(statuses);
            reasons = Set.copyOf(reasons);
        }

        /** Whether the endpoint wants to be told of it. */
        public boolean wants(OutcomeDecided outcome) {
            var reason = outcome.reason();
            return (statuses.isEmpty() || statuses.contains(outcome.status()))
                    && (reasons.isEmpty() || (reason != null && reasons.contains(reason)));
        }

        /** Without the URL: its path may be as good as a password. */
        @Override
        public String toString() {
            return "Webhook at " + (url == null ? null : url.getHost());
        }
    }

    /**
     * How webhooks and authentik are told.
     *
     * @param interval how often it is looked for what is to be told
     * @param kept how long after its last try could have been what was told, or given up, is kept:
     *     so long it can be replayed, and an event that is read again is not told again
     */
    public record Deliveries(
            @DurationMin(millis = 50, message = "expected a duration from 50ms to 1m")
                    @DurationMax(minutes = 1, message = "expected a duration from 50ms to 1m")
                    @DefaultValue("500ms")
                    Duration interval,
            @DurationMin(days = 1, message = "expected a duration from 1d to 3650d")
                    @DurationMax(days = 3650, message = "expected a duration from 1d to 3650d")
                    @DefaultValue("30d")
                    Duration kept) {}

    /**
     * authentik, whose log of events is told of outcomes.
     *
     * @param url where authentik is, as {@code https://HOST}; http on a loopback address alone.
     *     Without it and the token authentik is told nothing
     * @param token of authentik's API, of an account that may add and view events
     * @param timeout how long a request may take; a try may be two
     * @param retryFor how long after its decision an outcome is tried; it is given up with the try
     *     whose next one would be later
     * @param settleAfter how long authentik is given after a try that had no answer, before it is
     *     asked whether it has the event: longer than it works on a request
     * @param maxInFlight the most tries that one instance has under way
     */
    @SafeAuthentik
    public record Authentik(
            @Nullable URI url,
            @Nullable ApiToken token,
            @DurationMin(seconds = 1, message = "expected a duration from 1s to 30s")
                    @DurationMax(seconds = 30, message = "expected a duration from 1s to 30s")
                    @DefaultValue("10s")
                    Duration timeout,
            @DurationMin(minutes = 1, message = "expected a duration from 1m to 7d")
                    @DurationMax(days = 7, message = "expected a duration from 1m to 7d")
                    @DefaultValue("3d")
                    Duration retryFor,
            @DurationMin(seconds = 1, message = "expected a duration from 1s to 10m")
                    @DurationMax(minutes = 10, message = "expected a duration from 1s to 10m")
                    @DefaultValue("1m")
                    Duration settleAfter,
            @Min(value = 1, message = "expected a number from 1 to 64")
                    @Max(value = 64, message = "expected a number from 1 to 64")
                    @DefaultValue("4")
                    int maxInFlight) {

        /** Among the names of webhooks, none of which can be this. */
        public static final String ENDPOINT = "@authentik";

        /** Whether authentik is told of outcomes. */
        public boolean isConfigured() {
            return url != null && token != null;
        }
    }
}
