package nod.gateway.security.dpop;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;

import nod.gateway.security.TokenHash;
import nod.gateway.security.dpop.Verdict.Reason;
import nod.gateway.security.jwt.Issuer;
import nod.gateway.security.phonekey.MalformedKeyException;
import nod.gateway.security.phonekey.ProofKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What is a proof, and what is none. */
class ProofCheckTest {

    private static final String TOKEN = "the-device-token";
    private static final String URL = "https://push.example.org/nod/api/v3/x/check_in/";
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final ECKey KEY = TestProof.p256();

    private static TestProof proof() {
        return TestProof.by(KEY, "POST", URL, TOKEN, NOW);
    }

    private static Verdict check(JWK key, String... headers) {
        try {
            var stored = ProofKey.parse(key.toPublicJWK().toJSONString());
            return new ProofCheck(stored, "POST", URL, TokenHash.of(TOKEN))
                    .of(List.of(headers), NOW);
        } catch (MalformedKeyException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void assertGood(TestProof proof) {
        assertThat(check(KEY, proof.sign())).isInstanceOf(Verdict.Good.class);
    }

    private static void assertRefused(Reason reason, String... headers) {
        assertThat(check(KEY, headers)).isEqualTo(new Verdict.Refused(reason));
    }

    private static void assertRefused(Reason reason, TestProof proof) {
        assertRefused(reason, proof.sign());
    }

    @Test
    void takesAProofByP256() {
        assertThat(check(KEY, proof().claim("jti", "one").sign()))
                .isEqualTo(new Verdict.Good("one"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EdDSA", "Ed25519"})
    void takesAProofByEd25519UnderBothNamesOfTheAlgorithm(String algorithm) {
        var key = TestProof.ed25519();
        var proof = TestProof.by(key, "POST", URL, TOKEN, NOW).header("alg", algorithm);

        assertThat(check(key, proof.sign())).isInstanceOf(Verdict.Good.class);
    }

    @Test
    void missesAProof() {
        assertRefused(Reason.MISSING);
    }

    @Test
    void refusesTwoHeadersThoughBothAreGood() {
        assertRefused(Reason.MALFORMED, proof().sign(), proof().sign());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "....", "eyJhbGciOiJFUzI1NiJ9.e30.", "\u00e4"})
    void refusesWhatIsNoJwt(String header) {
        assertRefused(Reason.MALFORMED, header);
    }

    @Test
    void refusesTwoProofsInOneHeader() {
        assertRefused(Reason.MALFORMED, proof().sign() + ", " + proof().sign());
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "dpop", "at+jwt", ""})
    void refusesAnotherType(String type) {
        assertRefused(Reason.MALFORMED, proof().header("typ", type));
    }

    @Test
    void refusesAProofWithoutAType() {
        assertRefused(Reason.MALFORMED, proof().withoutHeader("typ"));
    }

    @Test
    void refusesTheAlgorithmNone() {
        var none = proof().header("alg", "none");

        assertRefused(Reason.MALFORMED, none.unsigned() + ".");
        assertRefused(Reason.MALFORMED, none.sign());
    }

    @Test
    void refusesAnHmacWithThePublicKeyAsItsSecret() throws JOSEException {
        for (var secret :
                List.of(
                        KEY.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8),
                        KEY.toECPublicKey().getEncoded(),
                        Arrays.copyOf(KEY.getX().decode(), 32))) {
            var forged = proof().header("alg", "HS256");

            assertRefused(Reason.KEY, forged.signedBy(new MACSigner(secret), JWSAlgorithm.HS256));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES384", "ES512", "RS256", "PS256", "EdDSA", "Ed25519"})
    void refusesAnAlgorithmThatIsNotTheKeysOwn(String algorithm) {
        assertRefused(Reason.KEY, proof().header("alg", algorithm));
    }

    @Test
    void refusesAnotherKeyThatIsNamed() {
        assertRefused(Reason.KEY, TestProof.by(TestProof.p256(), "POST", URL, TOKEN, NOW));
        assertRefused(Reason.KEY, TestProof.by(TestProof.ed25519(), "POST", URL, TOKEN, NOW));
        assertRefused(Reason.KEY, TestProof.by(Issuer.rsa("r"), "POST", URL, TOKEN, NOW));
    }

    @Test
    void refusesAnotherKeyThatNamesThePhones() {
        var forged =
                TestProof.by(TestProof.p256(), "POST", URL, TOKEN, NOW)
                        .header("jwk", KEY.toPublicJWK().toJSONObject());

        assertRefused(Reason.SIGNATURE, forged);
    }

    @Test
    void refusesAProofThatNamesNoKey() {
        assertRefused(Reason.KEY, proof().withoutHeader("jwk").header("kid", "1"));
    }

    @Test
    void refusesAProofThatShowsThePrivateKey() {
        assertRefused(Reason.MALFORMED, proof().header("jwk", KEY.toJSONObject()));
    }

    @Test
    void takesAKeyThatIsNamedWithMoreThanItsCoordinates() {
        var named = KEY.toPublicJWK().toJSONObject();
        named.put("kid", "mine");
        named.put("use", "sig");

        assertGood(proof().header("jwk", named));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "b64", "anything"})
    void refusesWhatHasToBeUnderstood(String name) {
        assertRefused(Reason.MALFORMED, proof().header("crit", List.of(name)).header(name, false));
    }

    @Test
    void refusesAChangedClaim() {
        var parts = proof().claim("jti", "one").sign().split("\\.");
        var other = proof().claim("jti", "two").unsigned().split("\\.");

        assertRefused(Reason.SIGNATURE, parts[0] + "." + other[1] + "." + parts[2]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "post", "POST ", ""})
    void refusesAProofOfAnotherMethod(String method) {
        assertRefused(Reason.REQUEST, proof().claim("htm", method));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://push.example.org/nod/api/v3/x/set_notification_key/",
                "https://push.example.org/api/v3/x/check_in/",
                "https://push.example.org/nod/api/v3/x/check_in",
                "https://push.example.org:444/nod/api/v3/x/check_in/",
                "https://elsewhere.example.org/nod/api/v3/x/check_in/",
                "http://push.example.org/nod/api/v3/x/check_in/",
                "/nod/api/v3/x/check_in/",
                ""
            })
    void refusesAProofOfAnotherUrl(String url) {
        assertRefused(Reason.REQUEST, proof().claim("htu", url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                URL + "?page=1",
                URL + "#part",
                "HTTPS://PUSH.example.ORG:443/nod/./api/v3/%78/a/../check%5Fin/"
            })
    void takesTheSameUrlWrittenDifferently(String url) {
        assertGood(proof().claim("htu", url));
    }

    @ParameterizedTest
    @ValueSource(ints = {-60, -59, 0, 59, 60})
    void takesAProofWithinAMinuteEitherWay(int seconds) {
        assertGood(proof().claim("iat", NOW.plusSeconds(seconds).getEpochSecond()));
    }

    @ParameterizedTest
    @ValueSource(ints = {-100_000, -61, 61, 100_000})
    void refusesAProofOfAnotherTime(int seconds) {
        assertRefused(Reason.TIME, proof().claim("iat", NOW.plusSeconds(seconds).getEpochSecond()));
    }

    @Test
    void isGoodForTwiceAMinuteAndThatIsHowLongItIsRemembered() {
        assertThat(ProofCheck.WINDOW.multipliedBy(2)).isEqualTo(Duration.ofSeconds(120));
    }

    @ParameterizedTest
    @ValueSource(strings = {"iat", "jti", "htm", "htu", "ath"})
    void refusesAProofThatLacksAClaim(String claim) {
        assertThat(check(KEY, proof().withoutClaim(claim).sign()))
                .isInstanceOf(Verdict.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iat", "jti", "htm", "htu", "ath"})
    void refusesAClaimOfAnotherType(String claim) {
        assertRefused(Reason.MALFORMED, proof().claim(claim, Map.of("a", 1)));
    }

    @Test
    void takesAJtiOfOneTo256Characters() {
        assertGood(proof().claim("jti", "x"));
        assertGood(proof().claim("jti", "x".repeat(256)));
        assertRefused(Reason.MALFORMED, proof().claim("jti", ""));
        assertRefused(Reason.MALFORMED, proof().claim("jti", "x".repeat(257)));
    }

    @Test
    void refusesAProofForAnotherToken() {
        assertRefused(Reason.TOKEN, TestProof.by(KEY, "POST", URL, "another", NOW));
        assertRefused(Reason.TOKEN, proof().claim("ath", TOKEN));
        assertRefused(Reason.TOKEN, proof().claim("ath", ""));
    }
}
