package nod.collector.delivery;

import nod.messaging.sweep.SweepLoop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Has each endpoint told what is due, again and again. */
public class DeliveryLoop extends SweepLoop {

    private static final Logger log = LoggerFactory.getLogger(DeliveryLoop.class);

    /** What is not done by then is told again once its lease is over. */
    private static final long DRAIN_SECONDS = 5;

    private final String name;
    private final List<Endpoint> endpoints;

    /**
     * A loop that has not begun.
     *
     * @param name of its thread, and of what it tells in the log
     */
    public DeliveryLoop(String name, Duration interval, List<Endpoint> endpoints) {
        super(name, interval);
        this.name = name;
        this.endpoints = List.copyOf(endpoints);
    }

    @Override
    protected final boolean sweep() {
        endpoints.forEach(Endpoint::look);
        return false;
    }

    /** Lets tries under way end, for a while. */
    @Override
    public void stop() {
        super.stop();
        var ended = endpoints.stream().map(Endpoint::stop).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(ended).get(DRAIN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException unfinished) {
            log.info("Some {} are tried again after the restart", name);
        }
        endpoints.forEach(Endpoint::close);
    }
}
