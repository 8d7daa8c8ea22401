package nod.gateway.security.phonekey;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jwt.SignedJWT;

import org.jspecify.annotations.Nullable;

import java.security.Provider;
import java.util.Set;

/** The key whose private half a phone signs with: EC P-256 or OKP Ed25519. Immutable. */
public final class ProofKey {

    private static final String EXPECTED =
            "Expected a public JWK: EC on P-256 with x and y, or OKP on Ed25519 with x.";

    private final JWK jwk;

    private ProofKey(JWK jwk) {
        this.jwk = jwk;
    }

    /** The key that a phone gave, as a JSON object. */
    public static ProofKey parse(String json) throws MalformedKeyException {
        return switch (PublicJwk.parse(json, EXPECTED)) {
            case ECKey ec when ec.getCurve().equals(Curve.P_256) -> new ProofKey(bare(ec));
            case OctetKeyPair okp when okp.getCurve().equals(Curve.Ed25519) ->
                    new ProofKey(bare(okp));
            default -> throw new MalformedKeyException(EXPECTED);
        };
    }

    /** A key that was parsed before, as {@link #json} gave it. */
    public static ProofKey stored(String json) {
        try {
            return parse(json);
        } catch (MalformedKeyException changed) {
            throw new IllegalStateException("a device's public key can't be read", changed);
        }
    }

    private static JWK bare(ECKey key) throws MalformedKeyException {
        return new ECKey.Builder(
                        Curve.P_256,
                        PublicJwk.whole(key.getX(), EXPECTED),
                        PublicJwk.whole(key.getY(), EXPECTED))
                .build();
    }

    private static JWK bare(OctetKeyPair key) throws MalformedKeyException {
        return new OctetKeyPair.Builder(Curve.Ed25519, PublicJwk.whole(key.getX(), EXPECTED))
                .build();
    }

    /** The key as a JWK, with what makes it up and nothing else. */
    public String json() {
        return jwk.toJSONString();
    }

    /**
     * Whether a header names this key, and an algorithm that is this key's own. The key decides
     * which that is: what the header says is only compared.
     */
    public boolean isNamedBy(JWSHeader header) throws JOSEException {
        var named = header.getJWK();
        return named != null
                && algorithms().contains(header.getAlgorithm())
                && named.computeThumbprint().equals(jwk.computeThumbprint());
    }

    /** The older name, and the one that says the curve (RFC 9864). */
    private Set<JWSAlgorithm> algorithms() {
        return switch (jwk) {
            case ECKey _ -> Set.of(JWSAlgorithm.ES256);
            default -> Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519);
        };
    }

    /** Whether this key's private half has signed it. */
    public boolean hasSigned(SignedJWT jwt) throws JOSEException {
        return hasSigned(jwt, NativeSignatures.provider());
    }

    /** The same, by this provider; null: by the JDK's. Ed25519 is Tink's in any case. */
    boolean hasSigned(SignedJWT jwt, @Nullable Provider provider) throws JOSEException {
        return jwt.verify(verifier(provider));
    }

    private JWSVerifier verifier(@Nullable Provider provider) throws JOSEException {
        if (jwk instanceof ECKey ec) {
            var verifier = new ECDSAVerifier(ec);
            verifier.getJCAContext().setProvider(provider);
            return verifier;
        }
        return new Ed25519Verifier(jwk.toOctetKeyPair());
    }

    @Override
    public String toString() {
        return json();
    }
}
