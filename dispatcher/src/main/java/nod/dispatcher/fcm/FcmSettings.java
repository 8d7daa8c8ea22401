package nod.dispatcher.fcm;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

import javax.net.ssl.SSLContext;

/**
 * What the sender needs.
 *
 * @param client who speaks to FCM
 * @param serviceAccount the JSON file of a Google service account
 * @param endpoint what stands for {@link #FCM}; without a path
 * @param tls whom to trust
 * @param timeout how long one push may take
 * @param maxInFlight how many pushes will be sent at a time
 */
public record FcmSettings(
        Client client,
        Path serviceAccount,
        URI endpoint,
        SSLContext tls,
        Duration timeout,
        int maxInFlight) {

    /** FCM itself. */
    public static final URI FCM = URI.create("https://fcm.googleapis.com");

    /** As many requests as FCM allows on one connection at a time. */
    static final int STREAMS_A_CONNECTION = 100;

    /** Who speaks to FCM. */
    public enum Client {
        /** Google's SDK, over the JDK's HTTP client. */
        FIREBASE_ADMIN,
        /** Our own use of FCM's HTTP v1, over reactor-netty. */
        HTTP2
    }

    /** As many as carry {@link #maxInFlight} pushes at a time. */
    int connections() {
        return (maxInFlight + STREAMS_A_CONNECTION - 1) / STREAMS_A_CONNECTION;
    }
}
