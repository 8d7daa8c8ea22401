package nod.simulators.phone;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.time.Clock;
import java.util.Date;
import java.util.Map;
import java.util.UUID;

/**
 * A phone's key pair, by which it proves its calls (DPoP, RFC 9449). It never prints its private
 * half. Thread-safe.
 */
public final class SigningKey {

    /** BoringSSL: one process plays thousands of phones. Null where it can't be loaded here. */
    private static final @Nullable Provider NATIVE =
            Conscrypt.isAvailable() ? Conscrypt.newProvider() : null;

    private static final JOSEObjectType TYPE = new JOSEObjectType("dpop+jwt");

    private final JWK key;
    private final JWSAlgorithm algorithm;
    private final JWSSigner signer;
    private final Clock clock = Clock.systemUTC();

    private SigningKey(JWK key, JWSAlgorithm algorithm, JWSSigner signer) {
        this.key = key;
        this.algorithm = algorithm;
        this.signer = signer;
    }

    /** A new key on P-256, which signs by ES256. */
    public static SigningKey p256() {
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256).generate();
            ECDSASigner signer = new ECDSASigner(key);
            signer.getJCAContext().setProvider(NATIVE);
            return new SigningKey(key, JWSAlgorithm.ES256, signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /** A new key on Ed25519, which signs by EdDSA. */
    public static SigningKey ed25519() {
        try {
            OctetKeyPair key = new OctetKeyPairGenerator(Curve.Ed25519).generate();
            return new SigningKey(key, JWSAlgorithm.EdDSA, new Ed25519Signer(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("Tink has Ed25519", e);
        }
    }

    /** The public half as a JWK, as text. */
    public String publicKey() {
        return key.toPublicJWK().toJSONString();
    }

    /** The public half as a JWK. */
    Map<String, Object> publicJwk() {
        return key.toPublicJWK().toJSONObject();
    }

    /**
     * A proof of a request, which can be used once.
     *
     * @param uri its query and fragment are not part of the proof
     * @param token the bearer token that the request carries
     */
    public String proof(String method, URI uri, String token) {
        JWSHeader header =
                new JWSHeader.Builder(algorithm).type(TYPE).jwk(key.toPublicJWK()).build();
        JWTClaimsSet claims =
                new JWTClaimsSet.Builder()
                        .jwtID(UUID.randomUUID().toString())
                        .issueTime(Date.from(clock.instant()))
                        .claim("htm", method)
                        .claim("htu", uri.toString().split("[?#]", 2)[0])
                        .claim("ath", sha256(token))
                        .build();
        SignedJWT proof = new SignedJWT(header, claims);
        try {
            proof.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("a proof can't be signed", e);
        }
        return proof.serialize();
    }

    private static String sha256(String token) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return Base64URL.encode(digest.digest(token.getBytes(StandardCharsets.US_ASCII)))
                    .toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + algorithm + "]";
    }
}
