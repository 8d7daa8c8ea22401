package nod.simulators.fcm;

import nod.simulators.wire.Reaction;
import nod.simulators.wire.WireRequest;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Google's OAuth 2.0 token endpoint, as far as service accounts use it (RFC 7523). */
final class TokenEndpoint {

    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    // What Google's own library writes into aud, whatever the token_uri of its file says.
    private static final String GOOGLES_AUDIENCE = "https://oauth2.googleapis.com/token";
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ServiceAccount account;
    private final PublicKey key;
    private final Predicate<String> audience;
    private final AccessTokens tokens;
    private final Clock clock;

    /**
     * @param ownAudience matches this endpoint's own address
     */
    TokenEndpoint(ServiceAccount account, Pattern ownAudience, AccessTokens tokens, Clock clock) {
        this.account = account;
        this.key = account.publicKey();
        this.audience = ownAudience.asMatchPredicate().or(Predicate.isEqual(GOOGLES_AUDIENCE));
        this.tokens = tokens;
        this.clock = clock;
    }

    Reaction.Answer answer(WireRequest request) {
        Map<String, String> form = form(new String(request.body(), StandardCharsets.UTF_8));
        if (!JWT_BEARER.equals(form.get("grant_type"))) {
            return error("unsupported_grant_type", "Invalid grant_type: expected " + JWT_BEARER);
        }
        try {
            String scope = verified(form.getOrDefault("assertion", ""));
            return granted(tokens.issue(scope));
        } catch (InvalidGrant e) {
            return error("invalid_grant", e.reason);
        }
    }

    static Reaction.Answer refused() {
        return error("invalid_grant", "Invalid grant: account not found");
    }

    private String verified(String assertion) throws InvalidGrant {
        String[] parts = assertion.split("\\.", -1);
        if (parts.length != 3) {
            throw new InvalidGrant("Invalid JWT: expected three parts");
        }
        String algorithm = json(parts[0]).path("alg").asString("");
        if (!"RS256".equals(algorithm)) {
            throw new InvalidGrant("Invalid JWT: alg is '" + algorithm + "', expected RS256");
        }
        if (!signed(parts[0] + "." + parts[1], decode(parts[2]))) {
            throw new InvalidGrant("Invalid JWT Signature.");
        }
        JsonNode claims = json(parts[1]);
        checkParties(claims);
        checkTimes(claims);
        return claims.path("scope").asString("");
    }

    private void checkParties(JsonNode claims) throws InvalidGrant {
        if (!account.email().equals(claims.path("iss").asString(""))) {
            throw new InvalidGrant("Invalid grant: account not found");
        }
        String given = claims.path("aud").asString("");
        if (!audience.test(given)) {
            throw new InvalidGrant(
                    "Invalid JWT: aud is '%s', expected the token_uri of the service account"
                            .formatted(given));
        }
    }

    private void checkTimes(JsonNode claims) throws InvalidGrant {
        Instant now = clock.instant();
        Instant issued = Instant.ofEpochSecond(claims.path("iat").asLong(0));
        Instant expires = Instant.ofEpochSecond(claims.path("exp").asLong(0));
        boolean shortLived = !expires.isAfter(issued.plus(LONGEST));
        boolean begun = !issued.isAfter(now.plus(SKEW));
        if (!shortLived || !begun || !expires.isAfter(now.minus(SKEW))) {
            throw new InvalidGrant(
                    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a"
                            + " reasonable timeframe. Check your iat and exp values in the JWT"
                            + " claim.");
        }
    }

    private boolean signed(String content, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(key);
            verifier.update(content.getBytes(StandardCharsets.US_ASCII));
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // a signature of the wrong length is no signature
        }
    }

    private static JsonNode json(String part) throws InvalidGrant {
        try {
            return JSON.readTree(decode(part));
        } catch (JacksonException e) {
            throw new InvalidGrant("Invalid JWT: not JSON");
        }
    }

    private static byte[] decode(String part) throws InvalidGrant {
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            throw new InvalidGrant("Invalid JWT: not base64url");
        }
    }

    private static Map<String, String> form(String body) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : body.split("&", -1)) {
            int at = pair.indexOf('=');
            if (at > 0) {
                fields.put(unescaped(pair.substring(0, at)), unescaped(pair.substring(at + 1)));
            }
        }
        return fields;
    }

    private static String unescaped(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // it will be no grant that is known
        }
    }

    private static Reaction.Answer granted(String token) {
        ObjectNode json = JSON.createObjectNode();
        json.put("access_token", token);
        json.put("expires_in", AccessTokens.LIFETIME.toSeconds());
        json.put("token_type", "Bearer");
        return Reaction.Answer.json(200, JSON.writeValueAsString(json));
    }

    private static Reaction.Answer error(String code, String description) {
        ObjectNode json = JSON.createObjectNode();
        json.put("error", code);
        json.put("error_description", description);
        return Reaction.Answer.json(400, JSON.writeValueAsString(json));
    }

    private static final class InvalidGrant extends Exception {
        private final String reason;

        InvalidGrant(String reason) {
            super(reason);
            this.reason = reason;
        }
    }
}
