package nod.gateway.security.dpop;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;

import nod.gateway.security.TokenHash;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** A proof as a phone makes it, unless it is spoilt. Header and claims are whatever a test says. */
public final class TestProof {

    private final JWK key;
    private final JWSAlgorithm algorithm;
    private final Map<String, Object> header = new HashMap<>();
    private final Map<String, Object> claims = new HashMap<>();

    private TestProof(JWK key) {
        this.key = key;
        this.algorithm = algorithm(key);
        header.put("typ", "dpop+jwt");
        header.put("alg", algorithm.getName());
        header.put("jwk", key.toPublicJWK().toJSONObject());
    }

    /** A proof by this key, of a request with this token, made at this time. */
    public static TestProof by(JWK key, String method, String url, String token, Instant at) {
        return new TestProof(key)
                .claim("htm", method)
                .claim("htu", url)
                .claim("ath", Base64URL.encode(TokenHash.of(token).bytes()).toString())
                .claim("iat", at.getEpochSecond())
                .claim("jti", UUID.randomUUID().toString());
    }

    /** A new key on P-256. */
    public static ECKey p256() {
        try {
            return new ECKeyGenerator(Curve.P_256).generate();
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** A new key on Ed25519. */
    public static OctetKeyPair ed25519() {
        try {
            return new OctetKeyPairGenerator(Curve.Ed25519).generate();
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    TestProof header(String name, Object value) {
        header.put(name, value);
        return this;
    }

    TestProof withoutHeader(String name) {
        header.remove(name);
        return this;
    }

    /** Sets a claim in place of the right one. */
    public TestProof claim(String name, Object value) {
        claims.put(name, value);
        return this;
    }

    TestProof withoutClaim(String name) {
        claims.remove(name);
        return this;
    }

    /** As the value of a DPoP header. */
    public String sign() {
        return signedBy(signer(key), algorithm);
    }

    /** The same, signed by somebody else, whatever the header says. */
    String signedBy(JWSSigner signer, JWSAlgorithm with) {
        try {
            var input = unsigned();
            var signature =
                    signer.sign(new JWSHeader(with), input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + signature;
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** What is signed: header and claims. */
    String unsigned() {
        return Base64URL.encode(JSONObjectUtils.toJSONString(header))
                + "."
                + Base64URL.encode(JSONObjectUtils.toJSONString(claims));
    }

    private static JWSAlgorithm algorithm(JWK key) {
        return switch (key) {
            case ECKey _ -> JWSAlgorithm.ES256;
            case RSAKey _ -> JWSAlgorithm.RS256;
            default -> JWSAlgorithm.EdDSA;
        };
    }

    private static JWSSigner signer(JWK key) {
        try {
            return switch (key) {
                case ECKey ec -> new ECDSASigner(ec);
                case RSAKey rsa -> new RSASSASigner(rsa);
                default -> new Ed25519Signer(key.toOctetKeyPair());
            };
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
