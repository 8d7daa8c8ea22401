package nod.gateway.security.phonekey;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;

import java.text.ParseException;
import java.util.Collections;
import java.util.Set;

/** Reads JWKs (RFC 7517) that must have nothing private in them. */
final class PublicJwk {

    /** A coordinate of each curve that is taken. */
    private static final int COORDINATE_BYTES = 32;

    /** Of every kind of key, known to us or not taken at all (RFC 7518, 6.2 to 6.4; RFC 8037). */
    private static final Set<String> PRIVATE_MEMBERS =
            Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    private PublicJwk() {}

    /**
     * The key that the JSON object is.
     *
     * @param expected what is said of a key that can't be read
     */
    static JWK parse(String json, String expected) throws MalformedKeyException {
        try {
            var members = JSONObjectUtils.parse(json);
            if (!Collections.disjoint(members.keySet(), PRIVATE_MEMBERS)) {
                throw new MalformedKeyException(
                        "Expected a public key: this one has private members.");
            }
            return JWK.parse(members);
        } catch (ParseException | IllegalArgumentException unreadable) {
            throw new MalformedKeyException(expected);
        }
    }

    /** The coordinate, if it is written in its only form: 32 bytes as base64url. */
    static Base64URL whole(Base64URL coordinate, String expected) throws MalformedKeyException {
        var bytes = coordinate.decode();
        if (bytes.length != COORDINATE_BYTES || !Base64URL.encode(bytes).equals(coordinate)) {
            throw new MalformedKeyException(expected);
        }
        return coordinate;
    }
}
