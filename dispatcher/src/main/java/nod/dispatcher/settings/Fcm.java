package nod.dispatcher.settings;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import nod.dispatcher.fcm.FcmSender;
import nod.dispatcher.fcm.FcmSettings;
import nod.dispatcher.push.PromptSealing;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Firebase Cloud Messaging.
 *
 * @param client who speaks to FCM: {@code firebase-admin}, Google's SDK, or {@code http2}, our own
 *     use of the same HTTP API, which takes less of the processor for a push
 * @param serviceAccount the JSON file of a Google service account that may send messages; without
 *     it FCM is not configured, and its phones are left to fetch what is asked
 * @param endpoint where FCM is; another one only to test against a stand-in
 * @param trustedCertificates a PEM file with the authorities that may have signed the endpoint's
 *     certificate; without it, those that the JVM trusts
 * @param timeout how long one push may take before it counts as an outage
 * @param maxInFlight pushes at FCM at a time; each hundred takes a connection
 */
public record Fcm(
        @DefaultValue("firebase-admin") FcmSettings.Client client,
        @Nullable Path serviceAccount,
        @DefaultValue("https://fcm.googleapis.com") URI endpoint,
        @Nullable Path trustedCertificates,
        @DurationMin(millis = 100) @DurationMax(minutes = 5) @DefaultValue("10s") Duration timeout,
        @Min(1) @Max(10_000) @DefaultValue("400") int maxInFlight) {

    private static final String PREFIX = "nod.dispatcher.fcm.";

    public Fcm {
        boolean pathless = endpoint.getRawPath() == null || endpoint.getRawPath().matches("/?");
        if (!"https".equals(endpoint.getScheme()) || endpoint.getHost() == null || !pathless) {
            throw new InvalidSettingException(
                    PREFIX + "endpoint", endpoint, "https://HOST or https://HOST:PORT");
        }
    }

    /**
     * The sender, where a service account is given.
     *
     * @throws InvalidSettingException when a file is not what it should be
     */
    Optional<FcmSender> sender(PromptSealing sealing, Clock clock) {
        if (serviceAccount == null) {
            return Optional.empty();
        }
        var file = SettingFiles.readable(PREFIX + "service-account", serviceAccount);
        var trust = SettingFiles.trust(PREFIX + "trusted-certificates", trustedCertificates);
        try {
            return Optional.of(
                    FcmSender.create(
                            new FcmSettings(
                                    client, file, endpoint, trust.tls(), timeout, maxInFlight),
                            sealing,
                            clock));
        } catch (IOException | IllegalArgumentException notAnAccount) {
            // What it says may quote the file, which is a secret.
            throw new InvalidSettingException(
                    PREFIX + "service-account",
                    file,
                    "the JSON file of a Google service account, with its private key and project");
        }
    }
}
