package nod.standalone;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGTERM or Ctrl-C, told to the main thread, which does all starting and stopping.
 *
 * <p>The JVM ends when its shutdown hooks have; this one waits until the main thread is done.
 */
final class StopSignal {
    /**
     * A service that is just being started is stopped after that, which can take a slow machine a
     * minute.
     */
    private static final int PATIENCE_SECONDS = 120;

    private final Thread main = Thread.currentThread();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    private StopSignal() {}

    /** To be called by the main thread. */
    static StopSignal install() {
        var signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(new Thread(signal::onShutdown, "stop"));
        return signal;
    }

    /** Returns, without a pending interrupt, once somebody asks for the stop. */
    void await() {
        while (!isAsked()) {
            try {
                asked.await();
            } catch (InterruptedException e) {
                // The signal itself, or nobody's: the loop looks.
            }
        }
        Thread.interrupted();
    }

    boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** The main thread has nothing left to do: the JVM may end. */
    void done() {
        done.countDown();
    }

    private void onShutdown() {
        asked.countDown();
        if (done.getCount() == 0) {
            return;
        }
        // Whatever it waits for, a start or a demonstration, isn't wanted any more.
        main.interrupt();
        try {
            done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
