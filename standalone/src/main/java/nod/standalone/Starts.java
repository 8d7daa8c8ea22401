package nod.standalone;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Starts that go on at the same time. Closing waits until each has ended, well or not. */
final class Starts implements AutoCloseable {
    // Threads of the platform: libraries take their class loader from them, and block.
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("start-", 0).factory());

    /** One of them. */
    record Start<T>(Future<T> future) {

        /**
         * Waits for what was started.
         *
         * @throws RuntimeException that ended the start
         */
        T result() throws InterruptedException {
            try {
                return future.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException reason
                        ? reason
                        : new IllegalStateException("A part didn't start", e.getCause());
            }
        }
    }

    <T> Start<T> begin(Callable<T> start) {
        return new Start<>(threads.submit(start));
    }

    @Override
    public void close() {
        threads.close();
    }
}
