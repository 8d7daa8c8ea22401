package nod.standalone.faults;

import nod.simulators.Simulators;
import nod.simulators.fault.Provider;
import nod.simulators.inbox.Received;
import nod.simulators.phone.Reply;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.faults.Operation.Kind;
import nod.standalone.faults.PatientClient.Subject;

import java.time.Duration;
import java.util.UUID;

/** A phone with patience. Only one thread at a time waits for its pushes. */
final class Phone {

    private final VirtualPhone phone;
    private final Simulators simulators;
    private final PatientClient client;
    private long seen;

    Phone(VirtualPhone phone, Simulators simulators, PatientClient client) {
        this.phone = phone;
        this.simulators = simulators;
        this.client = client;
    }

    UUID device() {
        return phone.device();
    }

    String pushKey() {
        return phone.pushKey();
    }

    Provider provider() {
        return phone.model().provider();
    }

    /** Whether a push for this transaction comes within that time. */
    boolean awaitPush(UUID txId, Duration atMost) {
        var deadline = System.nanoTime() + atMost.toNanos();
        try {
            for (var left = atMost; left.isPositive(); left = left(deadline)) {
                var pushes = simulators.inbox(provider()).await(phone.pushKey(), seen, left);
                for (var push : pushes) {
                    seen = push.sequence();
                    if (isFor(txId, push)) {
                        return true;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private static boolean isFor(UUID txId, Received push) {
        return push.accepted() && push.text().contains(txId.toString());
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(deadline - System.nanoTime());
    }

    /** Fetches what it is asked, as the opened app does; the status of the last answer. */
    int pull() {
        return client.call(
                        new Subject(Kind.PULL, null, device(), null),
                        () -> phone.send("GET", "transactions/", null))
                .status();
    }

    /** Answers; the status of the last answer. */
    int answer(UUID txId, String item) {
        return client.call(
                        new Subject(Kind.ANSWER, txId, device(), item),
                        () -> phone.answerRaw(txId, item))
                .status();
    }

    /** Gives the gateway another push key, and listens on that one if it was taken. */
    int changeKey(String key) {
        return client.call(
                        new Subject(Kind.SET_KEY, null, device(), key),
                        () -> {
                            phone.setNotificationKey(key);
                            return new Reply(204, "");
                        })
                .status();
    }
}
