package nod.gateway.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

class PublishedKeysIT {

    private static final String PASSWORD = "for-this-test";
    private static final RSAKey KEY = Issuer.rsa("rsa-1");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Path folder;

    PublishedKeysIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void trustsTheGivenAuthoritiesAlone() throws Exception {
        var certificate = makeCertificate();
        try (var issuer = Issuer.over(httpsServer()).publish(KEY)) {
            var uri = URI.create("https://127.0.0.1:" + issuer.port() + "/jwks/");

            assertThat(fetch(uri, JwtConfiguration.tls(certificate)).getKeyByKeyId("rsa-1"))
                    .isEqualTo(KEY.toPublicJWK());
            assertThatThrownBy(() -> fetch(uri, JwtConfiguration.tls(null)))
                    .isInstanceOf(JWKSetRetrievalException.class)
                    .hasMessageContaining("SSLHandshakeException");
        }
    }

    @Test
    void saysWhichFileIsNoCertificate() throws IOException {
        var empty = Files.writeString(folder.resolve("empty.pem"), "");

        assertThatThrownBy(() -> JwtConfiguration.tls(folder.resolve("absent.pem")))
                .hasMessageContaining("nod.gateway.jwt.trusted-certificates")
                .hasMessageContaining("absent.pem");
        assertThatThrownBy(() -> JwtConfiguration.tls(empty)).hasMessageContaining("empty.pem");
    }

    @Test
    void waitsForNoAnswerThatNeverEnds() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var accepted = new ArrayList<AutoCloseable>();
            threads.execute(
                    () -> {
                        try {
                            var socket = silent.accept();
                            accepted.add(socket);
                            socket.getOutputStream()
                                    .write(
                                            "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"
                                                    .getBytes(StandardCharsets.US_ASCII));
                        } catch (IOException closed) {
                            // The test is over.
                        }
                    });
            var began = System.nanoTime();

            var uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/jwks/");
            assertThatThrownBy(() -> fetch(uri, JwtConfiguration.tls(null)))
                    .isInstanceOf(JWKSetRetrievalException.class)
                    .hasMessageContaining("no whole answer");
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(PublishedKeys.TIMEOUT.plusSeconds(2));
        }
    }

    private JWKSet fetch(URI uri, SSLContext tls) throws KeySourceException {
        try (var keys = new PublishedKeys(uri, tls, threads)) {
            return keys.getJWKSet(JWKSetCacheRefreshEvaluator.noRefresh(), 0, null);
        }
    }

    /** A certificate that signs itself, in PEM; its key goes into a key store beside it. */
    private Path makeCertificate() throws Exception {
        var store = folder.resolve("server.p12").toString();
        var pem = folder.resolve("server.pem");
        keytool(
                List.of("-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=issuer"),
                List.of("-ext", "san=ip:127.0.0.1", "-keystore", store, "-storepass", PASSWORD));
        keytool(
                List.of("-exportcert", "-rfc", "-alias", "server", "-file", pem.toString()),
                List.of("-keystore", store, "-storepass", PASSWORD));
        return pem;
    }

    private static void keytool(List<String> what, List<String> where) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(what);
        command.addAll(where);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private HttpsServer httpsServer() throws Exception {
        var store =
                KeyStore.getInstance(folder.resolve("server.p12").toFile(), PASSWORD.toCharArray());
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        var tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        var server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return server;
    }
}
