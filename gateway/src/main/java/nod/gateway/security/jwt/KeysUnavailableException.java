package nod.gateway.security.jwt;

import org.springframework.security.oauth2.jwt.JwtException;

/** No key of the issuer is known, so that nothing can be said of a JWT. */
final class KeysUnavailableException extends JwtException {

    private static final long serialVersionUID = 1;

    KeysUnavailableException(Throwable cause) {
        super("No key of the issuer is known", cause);
    }
}
