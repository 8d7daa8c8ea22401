package nod.dispatcher.dispatch;

import nod.messaging.batch.Batches;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import java.util.List;
import java.util.Optional;

/**
 * Makes the readings before retries together: when a provider is down there are as many as there
 * are logins. Thread-safe.
 */
final class Rereads {

    private static final int AT_ONCE = 2;
    private static final int TOGETHER = 500;

    private final TransactionReader reader;
    private final Scheduler scheduler;
    private final Batches<Asked, Standing> batches =
            new Batches<>(AT_ONCE, TOGETHER, this::readAll);

    /**
     * @param scheduler on which what was read is told
     */
    Rereads(TransactionReader reader, Scheduler scheduler) {
        this.reader = reader;
        this.scheduler = scheduler;
    }

    /** How it stands with one device. */
    Mono<Standing> read(Asked asked) {
        return batches.ask(asked);
    }

    private Mono<List<Optional<Standing>>> readAll(List<Asked> asked) {
        return reader.read(asked)
                .publishOn(scheduler)
                .map(standings -> standings.stream().map(Optional::of).toList());
    }
}
