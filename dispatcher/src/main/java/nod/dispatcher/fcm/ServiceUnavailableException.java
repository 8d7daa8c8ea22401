package nod.dispatcher.fcm;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * FCM answered 503. An exception to get past the SDK, which would otherwise sleep and try again on
 * its own up to four times, without regard for when the transaction expires.
 */
final class ServiceUnavailableException extends IOException {

    private static final long serialVersionUID = 1;

    private final @Nullable String retryAfter;

    /**
     * @param retryAfter the header of that name
     */
    ServiceUnavailableException(@Nullable String retryAfter) {
        super("503 Service Unavailable");
        this.retryAfter = retryAfter;
    }

    @Nullable String retryAfter() {
        return retryAfter;
    }
}
