package nod.gateway.security;

import java.time.Duration;

/** A credential may be good or not: what tells is out of reach for now. */
public final class CredentialsUnavailable extends RuntimeException {

    private final Duration retryAfter;

    /**
     * @param message what the caller is told
     * @param retryAfter when it is worth another try
     */
    public CredentialsUnavailable(String message, Duration retryAfter) {
        super(message, null, false, false);
        this.retryAfter = retryAfter;
    }

    /** When it is worth another try. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
