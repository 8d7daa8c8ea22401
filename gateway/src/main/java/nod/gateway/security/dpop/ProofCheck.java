package nod.gateway.security.dpop;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import nod.gateway.security.TokenHash;
import nod.gateway.security.dpop.Verdict.Reason;
import nod.gateway.security.phonekey.ProofKey;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;

/**
 * Checks a proof, except whether it was used before.
 *
 * @param key the phone's
 * @param method of the request
 * @param url of the request, by the public URL
 * @param token the hash of the token that the request carries
 */
record ProofCheck(ProofKey key, String method, String url, TokenHash token) {

    /** How far a proof's time may be from ours, either way. */
    static final Duration WINDOW = Duration.ofSeconds(60);

    /** Far more than anybody needs to tell proofs apart. */
    static final int MAX_JTI = 256;

    private static final JOSEObjectType TYPE = new JOSEObjectType("dpop+jwt");

    /** What is to be said of the request's DPoP headers at this time. */
    Verdict of(List<String> headers, Instant now) {
        if (headers.isEmpty()) {
            return new Verdict.Refused(Reason.MISSING);
        }
        if (headers.size() > 1) {
            return new Verdict.Refused(Reason.MALFORMED);
        }
        try {
            return of(SignedJWT.parse(headers.getFirst()), now);
        } catch (ParseException | IllegalArgumentException | JOSEException malformed) {
            return new Verdict.Refused(Reason.MALFORMED);
        }
    }

    private Verdict of(SignedJWT proof, Instant now) throws ParseException, JOSEException {
        if (!isProof(proof.getHeader())) {
            return new Verdict.Refused(Reason.MALFORMED);
        }
        if (!key.isNamedBy(proof.getHeader())) {
            return new Verdict.Refused(Reason.KEY);
        }
        if (!key.hasSigned(proof)) {
            return new Verdict.Refused(Reason.SIGNATURE);
        }
        var claims = proof.getJWTClaimsSet();
        var reason = refusal(claims, now);
        return reason == null ? new Verdict.Good(claims.getJWTID()) : new Verdict.Refused(reason);
    }

    /** That a header must be understood is said only of some that nobody here does. */
    private static boolean isProof(JWSHeader header) {
        return TYPE.equals(header.getType()) && header.getCriticalParams() == null;
    }

    private @Nullable Reason refusal(JWTClaimsSet claims, Instant now) throws ParseException {
        if (!isJti(claims.getJWTID())) {
            return Reason.MALFORMED;
        }
        if (!isOfTheRequest(claims)) {
            return Reason.REQUEST;
        }
        if (!isOfTheTime(claims.getIssueTime(), now)) {
            return Reason.TIME;
        }
        return isOfTheToken(claims.getStringClaim("ath")) ? null : Reason.TOKEN;
    }

    private static boolean isJti(@Nullable String jti) {
        return jti != null && !jti.isEmpty() && jti.length() <= MAX_JTI;
    }

    private boolean isOfTheRequest(JWTClaimsSet claims) throws ParseException {
        var htu = claims.getStringClaim("htu");
        return method.equals(claims.getStringClaim("htm"))
                && htu != null
                && ProofUrl.of(htu).equals(ProofUrl.of(url))
                && ProofUrl.of(url).isPresent();
    }

    private static boolean isOfTheTime(@Nullable Date issued, Instant now) {
        return issued != null
                && Duration.between(issued.toInstant(), now).abs().compareTo(WINDOW) <= 0;
    }

    private boolean isOfTheToken(@Nullable String ath) {
        var expected = Base64.getUrlEncoder().withoutPadding().encode(token.bytes());
        return ath != null && MessageDigest.isEqual(expected, ath.getBytes(StandardCharsets.UTF_8));
    }
}
