package nod.standalone.faults;

import nod.simulators.phone.Reply;
import nod.standalone.faults.Operation.Kind;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends requests as a good client does: again after 503, and again where no answer came, since
 * every request of the API may be repeated. Each attempt is written down. Safe for any number of
 * threads.
 */
final class PatientClient implements AutoCloseable {

    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    /** What 503 asks for, and a random part of it on top. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Reply NONE = new Reply(Operation.UNKNOWN, "");

    private final History history;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    PatientClient(History history) {
        this.history = history;
    }

    /** What a request is about, as {@link Operation} has it. */
    record Subject(Kind kind, @Nullable UUID txId, @Nullable UUID device, @Nullable String item) {

        static Subject of(Kind kind, @Nullable UUID txId) {
            return new Subject(kind, txId, null, null);
        }
    }

    /**
     * Sends until there is an answer other than 503, or no patience is left.
     *
     * @return the last answer; with {@link Operation#UNKNOWN} where none came, or the caller's
     *     thread was interrupted
     */
    Reply call(Subject subject, Duration longer, Callable<Reply> request) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var sent = history.now();
            var reply = attempt(request, ANSWER.plus(longer));
            var again =
                    isPassing(reply)
                            && System.nanoTime() < deadline
                            && !Thread.currentThread().isInterrupted();
            history.add(
                    new Operation(
                            subject.kind(),
                            subject.txId(),
                            subject.device(),
                            subject.item(),
                            sent,
                            history.now(),
                            reply.status(),
                            !again));
            if (!again) {
                return reply;
            }
            var jitter = ThreadLocalRandom.current().nextLong(PAUSE.toNanos());
            LockSupport.parkNanos(PAUSE.toNanos() + jitter);
        }
    }

    Reply call(Subject subject, Callable<Reply> request) {
        return call(subject, Duration.ZERO, request);
    }

    private static boolean isPassing(Reply reply) {
        return reply.status() == Operation.UNKNOWN || reply.status() == 503;
    }

    private Reply attempt(Callable<Reply> request, Duration patience) {
        var answer = new CompletableFuture<Reply>();
        var running =
                threads.submit(
                        () -> {
                            try {
                                answer.complete(request.call());
                            } catch (Exception failure) {
                                answer.completeExceptionally(failure);
                            }
                        });
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException noAnswer) {
            running.cancel(true);
            return NONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NONE;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
