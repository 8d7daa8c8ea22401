package nod.dispatcher.apns;

import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushResult.CredentialsRefused;
import nod.dispatcher.push.PushResult.Rejected;
import nod.dispatcher.push.PushResult.TryAgain;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/** What APNs' refusals mean for a push and its device token. Pure. */
final class ApnsErrors {

    private ApnsErrors() {}

    /**
     * The meaning of a refusal.
     *
     * @param status the HTTP status
     * @param reason Apple's word for it; null where there was none
     * @param deadSince with status 410: since when the device token is dead
     */
    static PushResult resultOf(int status, @Nullable String reason, @Nullable Instant deadSince) {
        if (reason == null) {
            return byStatus(status, "http_" + status, deadSince);
        }
        return switch (reason) {
            case "Unregistered", "ExpiredToken" -> Rejected.key(reason, deadSince);
            // A token of the other environment (sandbox, production) or of another app looks just
            // so:
            // the key stays, or one wrong setting would drop the keys of all phones.
            case "BadDeviceToken", "DeviceTokenNotForTopic" -> Rejected.push(reason);
            case "ExpiredProviderToken",
                    "InvalidProviderToken",
                    "MissingProviderToken",
                    "BadCertificate",
                    "BadCertificateEnvironment",
                    "BadEnvironmentKeyIdInToken",
                    "UnrelatedKeyIdInToken",
                    "Forbidden" ->
                    new CredentialsRefused(reason, true);
            case "TooManyRequests" -> TryAgain.patience(reason, null);
            case "TooManyProviderTokenUpdates",
                    "InternalServerError",
                    "ServiceUnavailable",
                    "Shutdown",
                    "IdleTimeout" ->
                    TryAgain.outage(reason, null);
            default -> byStatus(status, reason, deadSince);
        };
    }

    private static PushResult byStatus(int status, String reason, @Nullable Instant deadSince) {
        return switch (status) {
            case 401, 403 -> new CredentialsRefused(reason, true);
            case 410 -> Rejected.key(reason, deadSince);
            case 429 -> TryAgain.patience(reason, null);
            default -> status >= 500 ? TryAgain.outage(reason, null) : Rejected.push(reason);
        };
    }
}
