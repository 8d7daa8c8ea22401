package nod.dispatcher.dispatch;

import nod.dispatcher.provider.TimeSource;
import nod.dispatcher.push.PushResult.Rejected;
import nod.schemas.event.DeliveryReported;
import nod.schemas.event.DeliveryState;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/**
 * What was tried for one device, and the report that tells of it in the end. For one step of its
 * way at a time.
 */
final class Attempts {

    private final UUID txId;
    private final UUID device;
    private final TimeSource time;
    private int asked;
    private int failures;
    private @Nullable Long beganNanos;

    Attempts(UUID txId, UUID device, TimeSource time) {
        this.txId = txId;
        this.device = device;
        this.time = time;
    }

    /** One begins: the provider will be asked, or at least its line. */
    void begin() {
        if (beganNanos == null) {
            beganNanos = time.nanos();
        }
    }

    /** The provider was asked. */
    void asked() {
        asked++;
    }

    /** One has failed, and the next one may not. */
    void failed() {
        failures++;
    }

    /** How many have failed that way. */
    int failures() {
        return failures;
    }

    DeliveryReported accepted(Standing.Waiting waiting) {
        return report(DeliveryState.ACCEPTED, waiting, null, null);
    }

    DeliveryReported rejected(Standing.Waiting waiting, Rejected rejected) {
        return report(DeliveryState.REJECTED, waiting, rejected.reason(), rejected);
    }

    DeliveryReported unsealable(Standing.Waiting waiting) {
        return report(DeliveryState.REJECTED, waiting, "encryption_key_unusable", null);
    }

    DeliveryReported unreachable(Standing.Waiting waiting, String reason) {
        return report(DeliveryState.UNREACHABLE, waiting, reason, null);
    }

    DeliveryReported withoutKey() {
        return new DeliveryReported(
                txId,
                device,
                DeliveryState.NO_PUSH_KEY,
                null,
                null,
                null,
                false,
                null,
                asked,
                null);
    }

    private DeliveryReported report(
            DeliveryState state,
            Standing.Waiting waiting,
            @Nullable String reason,
            @Nullable Rejected rejected) {
        return new DeliveryReported(
                txId,
                device,
                state,
                waiting.address().provider(),
                reason,
                waiting.keyVersion(),
                rejected != null && rejected.deadKey(),
                rejected == null ? null : rejected.deadSince(),
                asked,
                latencyMillis());
    }

    private @Nullable Long latencyMillis() {
        return beganNanos == null || asked == 0 ? null : time.since(beganNanos).toMillis();
    }
}
