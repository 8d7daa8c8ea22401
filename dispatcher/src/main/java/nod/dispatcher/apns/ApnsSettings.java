package nod.dispatcher.apns;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/**
 * What the sender needs.
 *
 * @param topic the app's bundle id
 * @param keyId Apple's name for the signing key
 * @param teamId Apple's name for the team
 * @param signingKey the .p8 file
 * @param trusted who may have signed the server's certificate; empty for the JVM's own list
 * @param timeout how long one push may take
 */
public record ApnsSettings(
        String host,
        int port,
        String topic,
        String keyId,
        String teamId,
        Path signingKey,
        List<X509Certificate> trusted,
        Duration timeout) {

    public ApnsSettings {
        trusted = List.copyOf(trusted);
    }
}
