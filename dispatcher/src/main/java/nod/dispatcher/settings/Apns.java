package nod.dispatcher.settings;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;

import nod.dispatcher.apns.ApnsSender;
import nod.dispatcher.apns.ApnsSettings;
import nod.dispatcher.push.PromptSealing;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.io.IOException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Apple Push Notification service, with token authentication. The topic, both ids and the signing
 * key are given together, or none of them.
 *
 * @param host where APNs is; api.sandbox.push.apple.com for apps built for development
 * @param port its port; Apple also listens on 2197
 * @param topic the app's bundle id
 * @param keyId Apple's name for the signing key, ten letters or digits
 * @param teamId Apple's name for the team, ten letters or digits
 * @param signingKey the .p8 file as Apple hands it out; without it APNs is not configured, and its
 *     phones are left to fetch what is asked
 * @param trustedCertificates a PEM file with the authorities that may have signed the host's
 *     certificate; without it, those that the JVM trusts
 * @param timeout how long one push may take before it counts as an outage
 * @param maxInFlight pushes at APNs at a time
 */
public record Apns(
        @NotBlank @DefaultValue("api.push.apple.com") String host,
        @Min(1) @Max(65_535) @DefaultValue("443") int port,
        @Nullable String topic,
        @Nullable String keyId,
        @Nullable String teamId,
        @Nullable Path signingKey,
        @Nullable Path trustedCertificates,
        @DurationMin(millis = 100) @DurationMax(minutes = 5) @DefaultValue("10s") Duration timeout,
        @Min(1) @Max(10_000) @DefaultValue("1000") int maxInFlight) {

    private static final String PREFIX = "nod.dispatcher.apns.";
    private static final String TOGETHER =
            ", as topic, key-id, team-id and signing-key are given together or not at all";

    /**
     * The sender, where a signing key is given.
     *
     * @throws InvalidSettingException when a part is missing or not what it should be
     */
    Optional<ApnsSender> sender(PromptSealing sealing) {
        if (Stream.of(topic, keyId, teamId, signingKey).allMatch(Objects::isNull)) {
            return Optional.empty();
        }
        var bundle = matching("topic", topic, "[A-Za-z0-9.-]{1,255}", "the app's bundle id");
        var key = matching("key-id", keyId, "[A-Za-z0-9]{10}", "ten letters or digits");
        var team = matching("team-id", teamId, "[A-Za-z0-9]{10}", "ten letters or digits");
        if (signingKey == null) {
            throw new InvalidSettingException(
                    PREFIX + "signing-key", null, "a .p8 file" + TOGETHER);
        }
        var file = SettingFiles.readable(PREFIX + "signing-key", signingKey);
        var trust = SettingFiles.trust(PREFIX + "trusted-certificates", trustedCertificates);
        try {
            return Optional.of(
                    ApnsSender.create(
                            new ApnsSettings(
                                    host,
                                    port,
                                    bundle,
                                    key,
                                    team,
                                    file,
                                    trust.certificates(),
                                    timeout),
                            sealing));
        } catch (IOException
                | InvalidKeyException
                | NoSuchAlgorithmException
                | IllegalArgumentException notAKey) {
            // What it says may quote the file, which is a secret.
            throw new InvalidSettingException(
                    PREFIX + "signing-key", file, "the .p8 file of an APNs signing key (EC P-256)");
        }
    }

    private static String matching(
            String name, @Nullable String value, String form, String expected) {
        if (value == null || !value.matches(form)) {
            throw new InvalidSettingException(PREFIX + name, value, expected + TOGETHER);
        }
        return value;
    }
}
