package nod.gateway.security.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** authentik, as far as it issues JWTs and publishes the keys that verify them, over real HTTP. */
public final class Issuer implements AutoCloseable {

    public static final String AUDIENCE = "nod-client";
    public static final String DEPLOYMENT = "openid nod:deployment";
    public static final String OWNER = "openid goauthentik.io/api";

    private record Answer(int status, String body) {}

    private final HttpServer server;
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile Answer answer = new Answer(503, "starting");

    private Issuer(HttpServer server) {
        this.server = server;
        server.createContext("/jwks/", this::serve);
    }

    /** Starts one that does not publish anything yet. */
    public static Issuer start() {
        return over(server());
    }

    /** Starts one on a server that was made for it. */
    static Issuer over(HttpServer server) {
        var issuer = new Issuer(server);
        server.start();
        return issuer;
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        fetches.incrementAndGet();
        var now = answer;
        var body = now.body.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(now.status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** From now on these keys are published, without their private parts. */
    public Issuer publish(JWK... keys) {
        return answer(200, new JWKSet(Arrays.asList(keys)).toString());
    }

    /** From now on the keys' address answers so. */
    public Issuer answer(int status, String body) {
        answer = new Answer(status, body);
        return this;
    }

    /** How often the keys were fetched. */
    public int fetches() {
        return fetches.get();
    }

    /** What {@code iss} says. */
    public static String name() {
        return "https://auth.example.org/application/o/nod/";
    }

    URI keysUri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks/");
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** The settings with which a gateway takes its JWTs. */
    public Map<String, String> settings() {
        return Map.of(
                "nod.gateway.jwt.issuer", name(),
                "nod.gateway.jwt.jwks-uri", keysUri().toString(),
                "nod.gateway.jwt.audiences", AUDIENCE);
    }

    public static RSAKey rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).keyUse(KeyUse.SIGNATURE).generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public static ECKey ec(Curve curve, String id) {
        try {
            return new ECKeyGenerator(curve).keyID(id).keyUse(KeyUse.SIGNATURE).generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What authentik puts into an access token. */
    public static JWTClaimsSet.Builder claims(String subject, String scope) {
        var now = Clock.systemUTC().instant();
        return new JWTClaimsSet.Builder()
                .issuer(name())
                .subject(subject)
                .audience(AUDIENCE)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)))
                .claim("azp", AUDIENCE)
                .claim("uid", "0123456789")
                .claim("scope", scope);
    }

    /** A JWT with these claims. */
    public static String sign(JWK key, JWSAlgorithm algorithm, JWTClaimsSet claims) {
        return sign(
                key,
                new JWSHeader.Builder(algorithm)
                        .type(JOSEObjectType.JWT)
                        .keyID(key.getKeyID())
                        .build(),
                claims);
    }

    static String sign(JWK key, JWSHeader header, JWTClaimsSet claims) {
        try {
            return sign(new DefaultJWSSignerFactory().createJWSSigner(key), header, claims);
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String sign(JWSSigner signer, JWSHeader header, JWTClaimsSet claims) {
        try {
            var jwt = new SignedJWT(header, claims);
            jwt.sign(signer);
            return jwt.serialize();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The algorithms of authentik, each with a key for it. */
    static List<Map.Entry<JWSAlgorithm, JWK>> ofEachAlgorithm() {
        return List.of(
                Map.entry(JWSAlgorithm.RS256, rsa("rs256")),
                Map.entry(JWSAlgorithm.ES256, ec(Curve.P_256, "es256")),
                Map.entry(JWSAlgorithm.ES384, ec(Curve.P_384, "es384")),
                Map.entry(JWSAlgorithm.ES512, ec(Curve.P_521, "es512")));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
