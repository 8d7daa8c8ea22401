package nod.gateway.security.phonekey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.jwk.JWK;

import nod.gateway.security.dpop.TestProof;
import nod.gateway.security.jwt.Issuer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys a phone may give for its proofs. */
class ProofKeyTest {

    private static final String EXPECTED =
            "Expected a public JWK: EC on P-256 with x and y, or OKP on Ed25519 with x.";
    private static final String PRIVATE = "Expected a public key: this one has private members.";

    /** The example key of RFC 7517, A.1. */
    private static final String X = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";

    private static final String Y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";

    private static String refused(String json) {
        return catchThrowableOfType(MalformedKeyException.class, () -> ProofKey.parse(json))
                .sentence();
    }

    private static String ec(String curve, String x, String y) {
        return "{\"kty\":\"EC\",\"crv\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}".formatted(curve, x, y);
    }

    @Test
    void takesBothKindsAndKeepsWhatMakesThemUp() throws Exception {
        for (JWK key : new JWK[] {TestProof.p256(), TestProof.ed25519()}) {
            var given = key.toPublicJWK().toJSONObject();
            given.put("kid", "mine");
            given.put("note", "anything");
            var json = com.nimbusds.jose.util.JSONObjectUtils.toJSONString(given);

            var parsed = ProofKey.parse(json);

            assertThat(parsed.json()).isEqualTo(key.toPublicJWK().toJSONString());
            assertThat(ProofKey.stored(parsed.json()).json()).isEqualTo(parsed.json());
        }
    }

    @Test
    void refusesAPrivateKeyAndDoesNotShowIt() {
        for (JWK key : new JWK[] {TestProof.p256(), TestProof.ed25519(), Issuer.rsa("r")}) {
            assertThat(refused(key.toJSONString())).isEqualTo(PRIVATE);
        }
        assertThat(refused("{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}")).isEqualTo(PRIVATE);
        assertThat(refused(ec("P-256", X, Y).replace("{", "{\"d\":7,"))).isEqualTo(PRIVATE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"kty\":\"EC\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + X + "\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":1,\"y\":2}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}",
                "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" + X + "\"}",
                "{\"kty\":\"OKP\",\"crv\":\"P-256\",\"x\":\"" + X + "\"}",
                "{\"kty\":\"RSA\",\"n\":\"" + X + "\",\"e\":\"AQAB\"}"
            })
    void refusesWhatIsNoKeyOfEitherKind(String json) {
        assertThat(refused(json)).isEqualTo(EXPECTED);
    }

    @Test
    void refusesAPointThatIsNotOnTheCurveAndCoordinatesInAnotherForm() throws Exception {
        assertThat(ProofKey.parse(ec("P-256", X, Y)).json()).contains(X, Y);

        assertThat(refused(ec("P-256", Y, X))).isEqualTo(EXPECTED);
        assertThat(refused(ec("P-256", X + "=", Y))).isEqualTo(EXPECTED);
        assertThat(refused(ec("P-256", "AA" + X, Y))).isEqualTo(EXPECTED);
        assertThat(refused(ec("secp256k1", X, Y))).isEqualTo(EXPECTED);
        assertThat(refused(ec("P-384", X, Y))).isEqualTo(EXPECTED);
    }
}
