package nod.dispatcher.fcm;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

import javax.net.ssl.SSLContext;

/**
 * What the sender needs.
 *
 * @param serviceAccount the JSON file of a Google service account
 * @param endpoint what stands for {@link #FCM}; without a path
 * @param tls whom to trust
 * @param timeout how long one push may take
 * @param maxInFlight how many pushes will be sent at a time
 */
public record FcmSettings(
        Path serviceAccount, URI endpoint, SSLContext tls, Duration timeout, int maxInFlight) {

    /** FCM itself. */
    public static final URI FCM = URI.create("https://fcm.googleapis.com");
}
