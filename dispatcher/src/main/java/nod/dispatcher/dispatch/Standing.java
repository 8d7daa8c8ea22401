package nod.dispatcher.dispatch;

import nod.dispatcher.push.EncryptionKey;
import nod.dispatcher.push.PushAddress;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** How it stands with an asked device, by the database and its clock. */
sealed interface Standing {

    /** The transaction is gone: pruned or restored away. */
    record Missing() implements Standing {}

    /** Answered, withdrawn, decided or expired. */
    record Closed() implements Standing {}

    /** The device was removed, or its user took it away, while the transaction goes on. */
    record NoLongerAsked() implements Standing {}

    /** The phone gave no push key, or it was dropped. */
    record WithoutKey() implements Standing {}

    /**
     * It is to be pushed.
     *
     * @param sealFor what its pushes are sealed for; null where the phone gave no such key
     * @param keyVersion the version of the key in the address
     * @param left until the transaction expires, more than zero
     */
    record Waiting(
            PushAddress address, @Nullable EncryptionKey sealFor, int keyVersion, Duration left)
            implements Standing {}
}
