package nod.collector.delivery;

import nod.messaging.sweep.SweepLoop;

import java.time.Duration;
import java.util.List;

/** Looks up how endpoints stand, for the metrics. */
public final class Backlog extends SweepLoop {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Deliveries deliveries;
    private final Tally tally;
    private final List<String> endpoints;

    /**
     * A loop that has not begun.
     *
     * @param name of its thread
     * @param endpoints none, and nothing is looked up
     */
    public Backlog(String name, Deliveries deliveries, Tally tally, List<String> endpoints) {
        super(name, INTERVAL);
        this.deliveries = deliveries;
        this.tally = tally;
        this.endpoints = List.copyOf(endpoints);
    }

    @Override
    protected boolean sweep() {
        if (!endpoints.isEmpty()) {
            tally.stand(await(deliveries.standings(endpoints)));
        }
        return false;
    }
}
