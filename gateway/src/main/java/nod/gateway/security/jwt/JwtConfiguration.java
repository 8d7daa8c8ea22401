package nod.gateway.security.jwt;

import nod.gateway.GatewaySettings;
import nod.gateway.security.CredentialFailure;
import nod.gateway.security.Jwts;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import reactor.core.publisher.Mono;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLContext;

/** Accepts JWTs where an issuer is configured. */
@Configuration(proxyBeanMethods = false)
class JwtConfiguration {

    private static final Logger log = LoggerFactory.getLogger(JwtConfiguration.class);

    @Bean
    Jwts jwts(GatewaySettings settings, Clock clock) {
        var jwt = settings.jwt();
        return jwt.issuer() == null || jwt.jwksUri() == null
                ? _ -> Mono.error(CredentialFailure::invalid)
                : jwts(jwt, jwt.issuer(), jwt.jwksUri(), clock);
    }

    private static AuthentikJwts jwts(
            GatewaySettings.Jwt jwt, String issuer, URI keys, Clock clock) {
        var threads = threads();
        var published = new PublishedKeys(keys, tls(jwt.trustedCertificates()), threads);
        var signatures =
                new Signatures(published, jwt.keyLifetime(), jwt.outageTolerance(), threads);
        // So that the first caller need not wait, and that a wrong address is in the log at once.
        threads.execute(() -> fetch(signatures));
        return new AuthentikJwts(jwt, issuer, signatures, clock, threads);
    }

    /** Cheap to wait on, so that a slow issuer doesn't use a pool up. */
    private static ExecutorService threads() {
        return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("jwt-", 0).factory());
    }

    private static void fetch(Signatures signatures) {
        try {
            signatures.requireKeys();
        } catch (KeysUnavailableException later) {
            log.info("JWTs are answered with 503 until the issuer's keys are there");
        }
    }

    /** TLS that trusts these authorities and nobody else; null: those that the JVM trusts. */
    static SSLContext tls(@Nullable Path authorities) {
        try {
            return authorities == null ? SSLContext.getDefault() : trusting(authorities);
        } catch (IOException | RuntimeException unusable) {
            throw new IllegalArgumentException(
                    "nod.gateway.jwt.trusted-certificates: '%s', expected a PEM file with certificates that this process may read"
                            .formatted(authorities),
                    unusable);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JVM has TLS", impossible);
        }
    }

    private static SSLContext trusting(Path authorities) throws IOException {
        if (PemContent.load(authorities).getCertificates().isEmpty()) {
            // The bundle would fall back on what the JVM trusts.
            throw new IOException("no certificate");
        }
        var certificates = PemSslStoreDetails.forCertificates(Files.readString(authorities));
        return SslBundle.of(new PemSslStoreBundle(null, certificates)).createSslContext();
    }
}
