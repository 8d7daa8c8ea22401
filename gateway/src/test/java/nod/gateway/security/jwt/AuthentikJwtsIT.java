package nod.gateway.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;

import nod.gateway.GatewaySettings;
import nod.gateway.security.BearerToken;
import nod.gateway.security.Caller;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

/** Beside other classes: it has no gateway, and waits for most of its time. */
@Execution(ExecutionMode.CONCURRENT)
class AuthentikJwtsIT {

    private static final String GOOD = "deployment nod-client";
    private static final String INVALID = "Token invalid/expired";
    private static final String NO_PERMISSION =
            "You do not have permission to perform this action.";
    private static final String UNAVAILABLE = "The keys of the JWT's issuer can't be had.";

    /** The shortest that the fetch interval and the background fetch leave room for. */
    private static final Duration LIFETIME = Duration.ofSeconds(6);

    /** For what has to happen at the latest: the machine may have other things to do. */
    private static final Duration LITTLE = Duration.ofSeconds(4);

    private static final RSAKey KEY = Issuer.rsa("rsa-1");

    private final Issuer issuer = Issuer.start().publish(KEY);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        issuer.close();
        threads.shutdownNow();
    }

    static List<Map.Entry<JWSAlgorithm, JWK>> ofEachAlgorithm() {
        return Issuer.ofEachAlgorithm();
    }

    @ParameterizedTest
    @MethodSource("ofEachAlgorithm")
    void takesWhatAuthentikSigns(Map.Entry<JWSAlgorithm, JWK> one) {
        issuer.publish(one.getValue());

        assertThat(outcome(jwts(), Issuer.sign(one.getValue(), one.getKey(), deployment().build())))
                .isEqualTo(GOOD);
    }

    @Test
    void takesAccessTokensByEitherType() {
        var typed =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID("rsa-1")
                        .build();
        var untyped = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").build();
        var logout =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(new JOSEObjectType("logout+jwt"))
                        .keyID("rsa-1")
                        .build();
        var jwts = jwts();

        assertThat(outcome(jwts, Issuer.sign(KEY, typed, deployment().build()))).isEqualTo(GOOD);
        assertThat(outcome(jwts, Issuer.sign(KEY, untyped, deployment().build()))).isEqualTo(GOOD);
        assertThat(outcome(jwts, Issuer.sign(KEY, logout, deployment().build())))
                .isEqualTo(INVALID);
    }

    @Test
    void tellsForWhomAJwtActs() {
        var jwts = jwts();

        assertThat(outcome(jwts, signed(Issuer.claims("7", Issuer.OWNER)))).isEqualTo("owner 7");
        assertThat(outcome(jwts, signed(Issuer.claims("7", "openid")))).isEqualTo(NO_PERMISSION);
        assertThat(
                        outcome(
                                jwts,
                                signed(
                                        deployment()
                                                .claim("scope", List.of("a", "nod:deployment")))))
                .isEqualTo(GOOD);
        assertThat(outcome(jwts, signed(deployment().audience(List.of("a", Issuer.AUDIENCE)))))
                .isEqualTo(GOOD);
    }

    static Stream<JWTClaimsSet.Builder> claimsThatAreRefused() {
        var none = (String) null;
        return Stream.of(
                deployment().issuer("https://evil.example.org/application/o/nod/"),
                deployment().issuer(Issuer.name().substring(0, Issuer.name().length() - 1)),
                deployment().issuer(none),
                deployment().audience("another"),
                deployment().audience(List.of("another", "Nod-Client")),
                deployment().audience(none),
                deployment().audience(List.of()),
                deployment().expirationTime(null),
                deployment().claim("exp", "never"),
                deployment().claim("nbf", "soon"),
                deployment().notBeforeTime(Date.from(Instant.now().plusSeconds(120))),
                deployment()
                        .issueTime(Date.from(Instant.now().minusSeconds(600)))
                        .expirationTime(Date.from(Instant.now().minusSeconds(120))));
    }

    @ParameterizedTest
    @MethodSource("claimsThatAreRefused")
    void refusesWhatWasNotIssuedToUsForNow(JWTClaimsSet.Builder claims) {
        assertThat(outcome(jwts(), signed(claims))).isEqualTo(INVALID);
    }

    @Test
    void allowsForALittleDifferenceOfTheClocks() {
        var now = Instant.ofEpochSecond(Instant.now().getEpochSecond());
        var jwts = jwts(LIFETIME, Duration.ofHours(1), Clock.fixed(now, ZoneOffset.UTC));
        var old = Date.from(now.minusSeconds(1000));

        assertThat(outcome(jwts, signed(lived(old, now.minusSeconds(30))))).isEqualTo(GOOD);
        assertThat(outcome(jwts, signed(lived(old, now.minusSeconds(31))))).isEqualTo(INVALID);
        assertThat(
                        outcome(
                                jwts,
                                signed(deployment().notBeforeTime(Date.from(now.plusSeconds(30))))))
                .isEqualTo(GOOD);
        assertThat(
                        outcome(
                                jwts,
                                signed(deployment().notBeforeTime(Date.from(now.plusSeconds(31))))))
                .isEqualTo(INVALID);
    }

    private static JWTClaimsSet.Builder lived(Date from, Instant until) {
        return deployment().issueTime(from).expirationTime(Date.from(until));
    }

    @Test
    void refusesEveryOtherWayToSign() throws Exception {
        var jwts = jwts();
        var claims = deployment().build();
        var publicKey = KEY.toRSAPublicKey();
        var pem = KEY.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
        var hs256 = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build();
        var rs256 = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").build();
        var own = Issuer.rsa("rsa-1");
        var brought =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("rsa-1")
                        .jwk(own.toPublicJWK())
                        .jwkURL(issuer.keysUri())
                        .build();
        var encrypted =
                new EncryptedJWT(
                        new JWEHeader.Builder(
                                        JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256CBC_HS512)
                                .contentType("JWT")
                                .build(),
                        claims);
        encrypted.encrypt(new RSAEncrypter(publicKey));

        assertThat(
                        Stream.of(
                                new PlainJWT(claims).serialize(),
                                new PlainJWT(claims).serialize() + "c2lnbmF0dXJl",
                                Issuer.sign(new MACSigner(publicKey.getEncoded()), hs256, claims),
                                Issuer.sign(new MACSigner(pem), hs256, claims),
                                Issuer.sign(KEY, JWSAlgorithm.RS384, claims),
                                Issuer.sign(KEY, JWSAlgorithm.RS512, claims),
                                Issuer.sign(KEY, JWSAlgorithm.PS256, claims),
                                Issuer.sign(
                                        Issuer.ec(Curve.P_256, "rsa-1"),
                                        JWSAlgorithm.ES256,
                                        claims),
                                Issuer.sign(new RSASSASigner(own), rs256, claims),
                                Issuer.sign(new RSASSASigner(own), brought, claims),
                                encrypted.serialize()))
                .allSatisfy(jwt -> assertThat(outcome(jwts, jwt)).isEqualTo(INVALID));
        assertThat(issuer.fetches()).isLessThanOrEqualTo(2);
    }

    @Test
    void refusesAJwtThatWasChanged() {
        var jwts = jwts();
        var parts = signed(Issuer.claims("7", Issuer.OWNER)).split("\\.");
        var other = signed(deployment()).split("\\.");

        assertThat(outcome(jwts, parts[0] + "." + other[1] + "." + parts[2])).isEqualTo(INVALID);
        assertThat(outcome(jwts, parts[0] + "." + parts[1] + ".")).isEqualTo(INVALID);
        assertThat(outcome(jwts, parts[0] + "." + parts[1] + "." + parts[2].substring(1)))
                .isEqualTo(INVALID);
    }

    @Test
    void refusesAKeyThatIsNotForSignatures() {
        issuer.publish(new RSAKey.Builder(KEY).keyUse(KeyUse.ENCRYPTION).build());

        assertThat(outcome(jwts(), signed(deployment()))).isEqualTo(INVALID);
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void refusesGarbage(String garbage) {
        assertThat(outcome(jwts(), garbage)).isEqualTo(INVALID);
    }

    static Stream<String> garbage() {
        var good = signed(deployment());
        var nested = encoded("[".repeat(100_000));
        return Stream.of(
                "a.b",
                "a.b.c",
                "...",
                "a..",
                ".a.b",
                good + ".",
                good + ".x.y",
                good.replace('.', '_') + ".x.y",
                "ä.ö.ü",
                "eyJ.eyJ.eyJ",
                encoded("null") + ".e30.e30",
                encoded("[]") + ".e30.e30",
                encoded("{\"alg\":7}") + ".e30.e30",
                encoded("{\"alg\":null}") + ".e30.e30",
                encoded("{\"alg\":\"RS256\",\"kid\":[]}") + ".e30.e30",
                encoded("{\"alg\":\"RS256\",\"crit\":[\"x\"],\"kid\":\"rsa-1\"}") + ".e30.e30",
                encoded("{\"alg\":\"RS256\",\"b64\":false,\"kid\":\"rsa-1\"}") + ".e30.e30",
                encoded("{\"alg\":\"RS256\",\"x5c\":[\"x\"],\"kid\":\"rsa-1\"}") + ".e30.e30",
                nested + ".e30.e30",
                good.substring(0, good.indexOf('.')) + "." + nested + ".e30",
                good.substring(0, good.indexOf('.')) + "." + encoded("7") + ".e30",
                "a.".repeat(100_000),
                "a." + "b".repeat(5_000_000) + ".c");
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void fetchesForANewKeyAtOnce() {
        var jwts = jwts();
        assertThat(outcome(jwts, signed(deployment()))).isEqualTo(GOOD);
        var next = Issuer.rsa("rsa-2");
        issuer.publish(KEY, next);

        assertThat(outcome(jwts, Issuer.sign(next, JWSAlgorithm.RS256, deployment().build())))
                .isEqualTo(GOOD);
        assertThat(outcome(jwts, signed(deployment()))).isEqualTo(GOOD);
        assertThat(issuer.fetches()).isEqualTo(2);
    }

    @Test
    void doesNotFetchForEveryKeyThatIsMadeUp() {
        var jwts = jwts();
        var began = System.nanoTime();
        var good = signed(deployment());
        assertThat(outcome(jwts, good)).isEqualTo(GOOD);

        var outcomes =
                Flux.fromStream(IntStream.range(0, 500).mapToObj(n -> withKeyId("made-up-" + n)))
                        .flatMap(jwt -> asked(jwts, jwt), 64)
                        .collectList()
                        .block();

        assertThat(outcomes).hasSize(500).containsOnly(INVALID);
        assertThat(outcome(jwts, good)).isEqualTo(GOOD);
        var intervals = 1 + (System.nanoTime() - began) / Signatures.FETCH_INTERVAL.toNanos();
        assertThat((long) issuer.fetches()).isLessThanOrEqualTo(2 * intervals);
    }

    private static String withKeyId(String id) {
        return Issuer.sign(
                KEY,
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build(),
                deployment().build());
    }

    @Test
    void forgetsAKeyThatWasWithdrawn() {
        var jwts = jwts();
        assertThat(outcome(jwts, signed(deployment()))).isEqualTo(GOOD);
        issuer.publish(Issuer.rsa("rsa-2"));

        await().atMost(LIFETIME.plus(LITTLE))
                .until(() -> outcome(jwts, signed(deployment())).equals(INVALID));
    }

    @Test
    void forgetsTheLastKeyThatWasWithdrawn() {
        // What authentik says of a provider without a signing key. It is no outage.
        var jwts = jwts(LIFETIME, Duration.ofHours(1), Clock.systemUTC());
        assertThat(outcome(jwts, signed(deployment()))).isEqualTo(GOOD);
        issuer.answer(200, "{}");

        await().atMost(LIFETIME.plus(LITTLE))
                .until(() -> outcome(jwts, signed(deployment())).equals(UNAVAILABLE));
    }

    @Test
    void keepsTheKeysForABoundedTimeWhileTheIssuerIsAway() {
        var tolerance = LIFETIME.plusSeconds(4);
        var jwts = jwts(LIFETIME, tolerance, Clock.systemUTC());
        var good = signed(deployment());
        assertThat(outcome(jwts, good)).isEqualTo(GOOD);
        issuer.answer(502, "bad gateway");

        await().during(LIFETIME.plusMillis(500))
                .atMost(LIFETIME.plus(LITTLE))
                .until(() -> outcome(jwts, good).equals(GOOD));
        await().atMost(LIFETIME.plus(tolerance).plus(LITTLE))
                .until(() -> outcome(jwts, good).equals(UNAVAILABLE));

        issuer.publish(KEY);
        await().atMost(Signatures.FETCH_INTERVAL.plus(LITTLE))
                .until(() -> outcome(jwts, good).equals(GOOD));
    }

    @ParameterizedTest
    @MethodSource("answersThatAreNoKeys")
    void cannotTellWithoutAKey(int status, String body) {
        issuer.answer(status, body);

        assertThat(outcome(jwts(), signed(deployment()))).isEqualTo(UNAVAILABLE);
    }

    static Stream<Arguments> answersThatAreNoKeys() {
        return Stream.of(
                        Map.entry(200, "{}"),
                        Map.entry(200, "{\"keys\":[]}"),
                        Map.entry(200, "<html>sign in</html>"),
                        Map.entry(200, "{\"keys\":7}"),
                        Map.entry(200, ""),
                        Map.entry(404, "{\"keys\":[]}"),
                        Map.entry(302, "elsewhere"),
                        Map.entry(500, "{\"keys\":[]}"),
                        Map.entry(
                                200,
                                "{\"keys\":[],\"x\":\""
                                        + "x".repeat(PublishedKeys.MAX_BYTES)
                                        + "\"}"))
                .map(answer -> Arguments.of(answer.getKey(), answer.getValue()));
    }

    @Test
    void doesNotAskAnIssuerThatIsAwayForEveryJwt() {
        issuer.close();
        var jwts = jwts();

        var outcomes =
                Flux.range(0, 200)
                        .flatMap(_ -> asked(jwts, signed(deployment())), 64)
                        .collectList()
                        .block();

        assertThat(outcomes).hasSize(200).containsOnly(UNAVAILABLE);
    }

    private AuthentikJwts jwts() {
        return jwts(LIFETIME, Duration.ofHours(1), Clock.systemUTC());
    }

    private AuthentikJwts jwts(Duration lifetime, Duration outageTolerance, Clock clock) {
        var settings =
                new GatewaySettings.Jwt(
                        Issuer.name(),
                        issuer.keysUri(),
                        Set.of(Issuer.AUDIENCE),
                        "nod:deployment",
                        "goauthentik.io/api",
                        false,
                        lifetime,
                        outageTolerance,
                        null);
        var published = new PublishedKeys(issuer.keysUri(), tls(), threads);
        return new AuthentikJwts(
                settings,
                Issuer.name(),
                new Signatures(published, lifetime, outageTolerance, threads),
                clock,
                threads);
    }

    private static SSLContext tls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static JWTClaimsSet.Builder deployment() {
        return Issuer.claims("7", Issuer.DEPLOYMENT);
    }

    private static String signed(JWTClaimsSet.Builder claims) {
        return Issuer.sign(KEY, JWSAlgorithm.RS256, claims.build());
    }

    private static String outcome(AuthentikJwts jwts, String jwt) {
        return String.valueOf(asked(jwts, jwt).block());
    }

    /** Who the JWT stands for, or what its bearer is told. */
    private static Mono<String> asked(AuthentikJwts jwts, String jwt) {
        return jwts.caller(BearerToken.of(List.of("Bearer " + jwt)))
                .map(
                        caller ->
                                switch (caller) {
                                    case Caller.Deployment deployment ->
                                            "deployment " + deployment.actor().id();
                                    case Caller.Owner owner -> "owner " + owner.user();
                                    case Caller.Phone _, Caller.Anyone _ -> "somebody else";
                                })
                .onErrorResume(failure -> Mono.just(String.valueOf(failure.getMessage())));
    }
}
