package nod.gateway.security;

import java.util.List;

/**
 * What a request shows of who sends it; it never prints that.
 *
 * @param authorization the values of all its Authorization headers
 * @param proofs the values of all its DPoP headers
 * @param method the HTTP method, as it was sent
 * @param path the path below the public URL, as it was sent
 */
public record Presented(
        List<String> authorization, List<String> proofs, String method, String path) {

    public Presented {
        authorization = List.copyOf(authorization);
        proofs = List.copyOf(proofs);
    }

    /** Its token; fails with {@link CredentialFailure} where there is none that could be good. */
    public BearerToken token() {
        return BearerToken.of(authorization);
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
