package nod.simulators.sdk;

import com.google.api.client.http.HttpTransport;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.firebase.FirebaseApp;
import com.google.firebase.FirebaseOptions;
import com.google.firebase.internal.ApacheHttp2Transport;
import com.google.firebase.messaging.FirebaseMessaging;

import nod.simulators.Simulators;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

import javax.net.ssl.SSLContext;

/** firebase-admin, told to find {@code fcm.googleapis.com} at the simulator. */
public final class FirebaseClient implements AutoCloseable {

    private static final String GOOGLE = "fcm.googleapis.com";

    private final FirebaseApp app;
    private final CloseableHttpAsyncClient client;

    private FirebaseClient(FirebaseApp app, CloseableHttpAsyncClient client) {
        this.app = app;
        this.client = client;
    }

    /** With the credentials that the simulators wrote, speaking HTTP/2 if the server does. */
    public static FirebaseClient of(Simulators simulators) throws IOException {
        return of(simulators, simulators.fcmServiceAccountFile(), HttpVersionPolicy.NEGOTIATE);
    }

    /** With other credentials or another protocol. */
    public static FirebaseClient of(
            Simulators simulators, Path serviceAccount, HttpVersionPolicy versions)
            throws IOException {
        SSLContext tls = Trust.only(simulators.certificateAuthorityFile());
        CloseableHttpAsyncClient client = client(simulators.fcmBaseUri(), tls, versions);
        HttpTransport transport = new ApacheHttp2Transport(client);
        try (InputStream file = Files.newInputStream(serviceAccount)) {
            FirebaseOptions options =
                    FirebaseOptions.builder()
                            .setCredentials(GoogleCredentials.fromStream(file, () -> transport))
                            .setHttpTransport(transport)
                            .setConnectTimeout(5_000)
                            .setReadTimeout(2_000)
                            .build();
            FirebaseApp app = FirebaseApp.initializeApp(options, UUID.randomUUID().toString());
            return new FirebaseClient(app, client);
        }
    }

    private static CloseableHttpAsyncClient client(
            URI simulator, SSLContext tls, HttpVersionPolicy versions) {
        HttpHost there = new HttpHost("https", simulator.getHost(), simulator.getPort());
        return HttpAsyncClients.custom()
                .setRoutePlanner(
                        (host, context) ->
                                new HttpRoute(
                                        host.getHostName().equals(GOOGLE) ? there : host,
                                        null,
                                        true))
                .disableAutomaticRetries()
                .setConnectionManager(
                        PoolingAsyncClientConnectionManagerBuilder.create()
                                .setTlsStrategy(
                                        ClientTlsStrategyBuilder.create()
                                                .setSslContext(tls)
                                                .buildAsync())
                                .setDefaultTlsConfig(
                                        TlsConfig.custom().setVersionPolicy(versions).build())
                                .build())
                .build();
    }

    public FirebaseMessaging messaging() {
        return FirebaseMessaging.getInstance(app);
    }

    @Override
    public void close() {
        app.delete();
        client.close(CloseMode.IMMEDIATE); // graceful, it waits seconds for idle connections
    }
}
