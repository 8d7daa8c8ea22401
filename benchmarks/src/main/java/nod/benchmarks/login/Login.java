package nod.benchmarks.login;

import java.util.concurrent.CompletableFuture;

/** A login on its way; all times are of {@link System#nanoTime()}. */
final class Login {

    /** What the caller's browser shows, from which the phone's owner answers. */
    record Shown(String txId, String item) {}

    private final Phone phone;
    private final long due;
    private final String idempotencyKey;
    private final CompletableFuture<Shown> shown = new CompletableFuture<>();
    private final CompletableFuture<Long> pushed;
    private volatile long answered;

    /**
     * @param due when it was to arrive
     */
    Login(Phone phone, long due, String idempotencyKey) {
        this.phone = phone;
        this.due = due;
        this.idempotencyKey = idempotencyKey;
        this.pushed = phone.nextPush();
    }

    Phone phone() {
        return phone;
    }

    long due() {
        return due;
    }

    String idempotencyKey() {
        return idempotencyKey;
    }

    CompletableFuture<Shown> shown() {
        return shown;
    }

    /** When its provider received the push. */
    CompletableFuture<Long> pushed() {
        return pushed;
    }

    /** When the phone sent its answer. */
    long answered() {
        return answered;
    }

    void answeredAt(long time) {
        answered = time;
    }
}
