package nod.benchmarks.raw;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import com.eatthepath.pushy.apns.util.SimpleApnsPushNotification;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.oauth2.GoogleCredentials;

import io.netty.buffer.Unpooled;

import nod.simulators.Simulators;

import reactor.core.publisher.Mono;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.tcp.SslProvider;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.List;

/** The cheapest clients of both simulated providers, over TLS as everybody's. */
final class Providers implements AutoCloseable {

    private static final String SCOPE = "https://www.googleapis.com/auth/firebase.messaging";
    private static final String TOKEN = "0123456789abcdef".repeat(4);
    // About what a push of ours holds.
    private static final String TEXT = "x".repeat(500);

    private final Simulators simulators;
    private final ConnectionProvider connections = ConnectionProvider.create("fcm", 4);
    private final ApnsClient apns;

    Providers(Simulators simulators) {
        this.simulators = simulators;
        this.apns = apnsClient();
    }

    private ApnsClient apnsClient() {
        var config = simulators.config();
        try {
            return new ApnsClientBuilder()
                    .setApnsServer(simulators.apnsHost(), simulators.apnsPort())
                    .setTrustedServerCertificateChain(
                            simulators.certificateAuthorityFile().toFile())
                    .setSigningKey(
                            ApnsSigningKey.loadFromPkcs8File(
                                    simulators.apnsSigningKeyFile().toFile(),
                                    config.apnsTeamId(),
                                    config.apnsKeyId()))
                    .build();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no client of APNs", e);
        }
    }

    /** Sends a push to APNs. */
    Mono<?> apns() {
        var push =
                new SimpleApnsPushNotification(
                        TOKEN,
                        simulators.config().apnsTopic(),
                        "{\"aps\":{\"alert\":\"Sign-in request\"},\"text\":\"%s\"}"
                                .formatted(TEXT));
        return Mono.fromFuture(() -> apns.sendNotification(push))
                .filter(answer -> answer.isAccepted())
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("not accepted")));
    }

    /** Sends a push to FCM, by HTTP/2. */
    Mono<?> fcm() {
        var authorization = "Bearer " + accessToken();
        var body = message().getBytes(StandardCharsets.UTF_8);
        return fcmClient()
                .headers(
                        headers -> {
                            headers.set("Authorization", authorization);
                            headers.set("Content-Type", "application/json");
                        })
                .post()
                .uri(
                        "%s/v1/projects/%s/messages:send"
                                .formatted(
                                        simulators.fcmBaseUri(), simulators.config().fcmProject()))
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                .responseSingle(
                        (answer, content) -> content.asString().map(_ -> answer.status().code()))
                .filter(status -> status == 200)
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("not accepted")));
    }

    private static String message() {
        return """
        {"message":{"token":"%s","data":{"text":"%s"},
        "notification":{"title":"Sign-in request"},"android":{"priority":"HIGH"}}}\
        """
                .formatted(TOKEN, TEXT);
    }

    private HttpClient fcmClient() {
        SslProvider.GenericSslContextSpec<?> trust =
                Http2SslContextSpec.forClient()
                        .configure(
                                builder ->
                                        builder.trustManager(
                                                simulators.certificateAuthorityFile().toFile()));
        return HttpClient.create(connections)
                .protocol(HttpProtocol.H2)
                .secure(spec -> spec.sslContext(trust));
    }

    private String accessToken() {
        try (var account = Files.newInputStream(simulators.fcmServiceAccountFile());
                var authority = Files.newInputStream(simulators.certificateAuthorityFile())) {
            var transport =
                    new NetHttpTransport.Builder().trustCertificatesFromStream(authority).build();
            return GoogleCredentials.fromStream(account, () -> transport)
                    .createScoped(List.of(SCOPE))
                    .refreshAccessToken()
                    .getTokenValue();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no access token of FCM", e);
        }
    }

    @Override
    public void close() {
        connections.dispose();
        apns.close().join();
    }
}
