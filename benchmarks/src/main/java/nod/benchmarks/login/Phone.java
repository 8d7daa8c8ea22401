package nod.benchmarks.login;

import nod.simulators.inbox.Inbox;
import nod.simulators.inbox.Received;
import nod.simulators.phone.VirtualPhone;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A user's only phone. Is asked for one login at a time. */
public final class Phone {

    private static final String RESPONSE = "receive_response/";

    private final String user;
    private final VirtualPhone phone;
    private final Inbox inbox;
    private CompletableFuture<List<Received>> waiting = new CompletableFuture<>();
    private volatile long seen;

    Phone(String user, VirtualPhone phone, Inbox inbox) {
        this.user = user;
        this.phone = phone;
        this.inbox = inbox;
    }

    String user() {
        return user;
    }

    /**
     * Completes when its provider has received the next push, with the time of that. Fails where
     * none has come until this is called again.
     */
    synchronized CompletableFuture<Long> nextPush() {
        // A login that was refused has no push: what comes is the next one's.
        waiting.cancel(false);
        waiting = inbox.next(phone.pushKey(), seen);
        return waiting.thenApply(this::arrived);
    }

    private long arrived(List<Received> pushes) {
        long now = System.nanoTime();
        seen = pushes.getLast().sequence();
        return now;
    }

    /** Which device of the registry it is. */
    public UUID device() {
        return phone.device();
    }

    /** An answer to that login, signed. */
    public Answer answer(String txId, String item) {
        return new Answer(
                "api/v3/authenticators/mobile/%s/%s".formatted(phone.device(), RESPONSE),
                phone.credentials("POST", RESPONSE),
                "{\"tx_id\":\"%s\",\"selected_item\":\"%s\"}".formatted(txId, item));
    }
}
