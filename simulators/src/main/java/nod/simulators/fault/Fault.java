package nod.simulators.fault;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * One way in which a provider fails a request for a push, in order or not. FCM's token endpoint
 * knows only {@link CredentialsRefused}.
 */
public sealed interface Fault {

    /** Whether that provider can fail so. */
    default boolean suits(Provider provider) {
        return true;
    }

    /** FCM refuses with this code. */
    record FcmError(FcmErrorCode code) implements Fault {
        @Override
        public boolean suits(Provider provider) {
            return provider == Provider.FCM;
        }
    }

    /**
     * APNs refuses for this reason.
     *
     * @param since for status 410: since when the device token is dead; left out of the answer when
     *     null
     */
    record ApnsRejection(ApnsReason reason, @Nullable Instant since) implements Fault {

        public ApnsRejection {
            if (since != null && reason.status() != 410) {
                throw new IllegalArgumentException(
                        "timestamp: given with %s, expected only with Unregistered or ExpiredToken"
                                .formatted(reason.reason()));
            }
        }

        /** A refusal without a time. */
        public ApnsRejection(ApnsReason reason) {
            this(reason, null);
        }

        @Override
        public boolean suits(Provider provider) {
            return provider == Provider.APNS;
        }
    }

    /** The provider takes that long, then does what it always does. */
    record Delay(Duration by) implements Fault {
        public Delay {
            if (by.isNegative() || by.isZero()) {
                throw new IllegalArgumentException(
                        "delay: %s, expected more than zero".formatted(by));
            }
        }
    }

    /**
     * 429: FCM's QUOTA_EXCEEDED, APNs' TooManyRequests.
     *
     * @param retryAfter the header of that name, in whole seconds; null leaves it out. Apple
     *     documents no such header for APNs, and pushy shows none to its caller
     */
    record TooManyRequests(@Nullable Duration retryAfter) implements Fault {
        public TooManyRequests {
            checkRetryAfter(retryAfter);
        }
    }

    /**
     * A failure inside the provider.
     *
     * @param status 500 to 599
     * @param retryAfter as for {@link TooManyRequests}
     */
    record ServerError(int status, @Nullable Duration retryAfter) implements Fault {
        public ServerError {
            if (status < 500 || status > 599) {
                throw new IllegalArgumentException(
                        "status: %d, expected 500 to 599".formatted(status));
            }
            checkRetryAfter(retryAfter);
        }

        /** A failure without Retry-After. */
        public ServerError(int status) {
            this(status, null);
        }
    }

    /** The request is read, then the TCP connection is cut without an answer. */
    record ConnectionClosed() implements Fault {}

    /** The request is read and never answered; the connection stays. */
    record NoAnswer() implements Fault {}

    /**
     * The provider no longer knows the caller. FCM: {@code invalid_grant} where tokens are issued
     * (when set for all keys), 401 where messages are sent. APNs: 403 InvalidProviderToken.
     */
    record CredentialsRefused() implements Fault {}

    private static void checkRetryAfter(@Nullable Duration retryAfter) {
        if (retryAfter != null && (retryAfter.isNegative() || retryAfter.toNanosPart() != 0)) {
            throw new IllegalArgumentException(
                    "retry_after: %s, expected whole seconds, 0 or more".formatted(retryAfter));
        }
    }
}
