package nod.collector.webhook;

import nod.collector.CollectorSettings;
import nod.messaging.sweep.SweepLoop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Has each endpoint told what is due, again and again. */
@Component
final class WebhookLoop extends SweepLoop {

    private static final Logger log = LoggerFactory.getLogger(WebhookLoop.class);

    /** Of the service's connections to the database. */
    private static final int STATEMENTS = 2;

    private static final int LOOKUPS = 8;
    private static final int WAITING_LOOKUPS = 1_000;

    /** What is not done by then is told again once its lease is over. */
    private static final long DRAIN_SECONDS = 5;

    private final Scheduler lookups =
            Schedulers.newBoundedElastic(LOOKUPS, WAITING_LOOKUPS, "webhook-names");
    private final List<Endpoint> endpoints;

    WebhookLoop(
            Deliveries deliveries,
            WebhookMetrics metrics,
            NameLookup names,
            CollectorSettings settings) {
        super("webhooks", settings.deliveries().interval());
        var turns = new Turns(STATEMENTS);
        this.endpoints =
                settings.webhooks().entrySet().stream()
                        .map(
                                one ->
                                        new Endpoint(
                                                one.getKey(),
                                                one.getValue(),
                                                new WebhookClient(
                                                        one.getKey(),
                                                        one.getValue(),
                                                        names,
                                                        lookups),
                                                deliveries,
                                                turns,
                                                metrics))
                        .toList();
    }

    @Override
    protected boolean sweep() {
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
            log.info("Some webhooks are told again after the restart, with the same id");
        }
        endpoints.forEach(Endpoint::close);
        lookups.dispose();
    }
}
