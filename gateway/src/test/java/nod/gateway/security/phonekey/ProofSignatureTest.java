package nod.gateway.security.phonekey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import nod.gateway.security.dpop.TestProof;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.math.BigInteger;
import java.security.Provider;
import java.util.Arrays;

/** What counts as a signature on P-256, whoever checks it. */
class ProofSignatureTest {

    private static final int HALF = 32;

    /** The order of P-256 (FIPS 186-4, D.1.2.3). */
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    enum Checker {
        JDK,
        CONSCRYPT;

        @Nullable Provider provider() {
            if (this == JDK) {
                return null;
            }
            var provider = NativeSignatures.provider();
            if (provider == null) {
                System.err.println("SKIPPED: Conscrypt has no library for this machine");
            }
            assumeThat(provider).isNotNull();
            return provider;
        }
    }

    private final ECKey key = TestProof.p256();

    @ParameterizedTest
    @EnumSource
    void isTakenFromItsKeyAlone(Checker checker) throws Exception {
        var jwt = signed(key);

        assertThat(hasSigned(key, jwt, checker)).isTrue();
        assertThat(hasSigned(TestProof.p256(), jwt, checker)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedWithAnyOfItsBytesChanged(Checker checker) throws Exception {
        var jwt = signed(key);
        var good = jwt.getSignature().decode();
        for (int i = 0; i < good.length; i++) {
            var bad = good.clone();
            bad[i] ^= 1;

            assertThat(hasSigned(key, with(jwt, bad), checker)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedOverAnotherText(Checker checker) throws Exception {
        var jwt = signed(key);
        var parts = jwt.serialize().split("\\.");
        var claims = new JWTClaimsSet.Builder().jwtID("another").build();
        var altered =
                SignedJWT.parse(
                        parts[0] + "." + Base64URL.encode(claims.toString()) + "." + parts[2]);

        assertThat(hasSigned(key, altered, checker)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedWithHalvesThatAreNoNumbersBelowTheOrder(Checker checker) throws Exception {
        var jwt = signed(key);
        var good = jwt.getSignature().decode();
        for (var half : new BigInteger[] {BigInteger.ZERO, ORDER, ORDER.add(BigInteger.ONE)}) {
            for (int at = 0; at < 2; at++) {
                var bad = good.clone();
                System.arraycopy(bytes(half), 0, bad, at * HALF, HALF);

                assertThat(hasSigned(key, with(jwt, bad), checker)).isFalse();
            }
        }
        assertThat(hasSigned(key, with(jwt, new byte[2 * HALF]), checker)).isFalse();
        assertThat(hasSigned(key, with(jwt, Arrays.copyOf(good, good.length - 1)), checker))
                .isFalse();
    }

    @Test
    void isCheckedByAProviderThatTheJvmDoesNotHave() {
        var provider = Checker.CONSCRYPT.provider();

        assertThat(java.security.Security.getProviders()).doesNotContain(provider);
    }

    private static byte[] bytes(BigInteger number) {
        var bytes = number.toByteArray();
        var half = new byte[HALF];
        int length = Math.min(bytes.length, HALF);
        System.arraycopy(bytes, bytes.length - length, half, HALF - length, length);
        return half;
    }

    private static boolean hasSigned(ECKey key, SignedJWT jwt, Checker checker)
            throws MalformedKeyException, JOSEException {
        return ProofKey.parse(key.toPublicJWK().toJSONString()).hasSigned(jwt, checker.provider());
    }

    private static SignedJWT signed(ECKey key) throws JOSEException {
        var jwt =
                new SignedJWT(
                        new JWSHeader(JWSAlgorithm.ES256),
                        new JWTClaimsSet.Builder().jwtID("one").build());
        jwt.sign(new ECDSASigner(key));
        return jwt;
    }

    private static SignedJWT with(SignedJWT jwt, byte[] signature) throws Exception {
        return SignedJWT.parse(
                new String(jwt.getSigningInput(), java.nio.charset.StandardCharsets.US_ASCII)
                        + "."
                        + Base64URL.encode(signature));
    }
}
