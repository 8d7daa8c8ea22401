package nod.gateway.security.phonekey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.util.Base64URL;

import nod.gateway.security.dpop.TestProof;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HexFormat;

/** Which keys a phone may give for what is sealed for it. */
class EncryptionKeyTest {

    private static final String EXPECTED = "Expected a public JWK: OKP on X25519 with x.";

    private static String refused(String json) {
        return catchThrowableOfType(MalformedKeyException.class, () -> EncryptionKey.parse(json))
                .sentence();
    }

    private static String x25519(String x) {
        return "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"%s\"}".formatted(x);
    }

    @Test
    void takesAPublicKey() throws Exception {
        var key = new OctetKeyPairGenerator(Curve.X25519).generate();

        assertThat(EncryptionKey.parse(key.toPublicJWK().toJSONString()).bytes())
                .isEqualTo(key.getX().decode())
                .hasSize(32);
    }

    @Test
    void refusesAPrivateKeyAndDoesNotShowIt() throws JOSEException {
        var key = new OctetKeyPairGenerator(Curve.X25519).generate();

        assertThat(refused(key.toJSONString()))
                .isEqualTo("Expected a public key: this one has private members.");
    }

    /** All points of small order, in every form that 32 bytes have for them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void refusesAPointForWhichAnybodyKnowsTheSecret(String point) {
        var x = Base64URL.encode(HexFormat.of().parseHex(point)).toString();

        assertThat(refused(x25519(x))).isEqualTo("Expected a point that is not of small order.");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 33, 64})
    void refusesAnotherLength(int length) {
        var bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) 9);

        assertThat(refused(x25519(Base64URL.encode(bytes).toString()))).isEqualTo(EXPECTED);
    }

    @Test
    void refusesAnotherKind() {
        assertThat(refused("{}")).isEqualTo(EXPECTED);
        assertThat(refused(TestProof.ed25519().toPublicJWK().toJSONString())).isEqualTo(EXPECTED);
        assertThat(refused(TestProof.p256().toPublicJWK().toJSONString())).isEqualTo(EXPECTED);
    }
}
