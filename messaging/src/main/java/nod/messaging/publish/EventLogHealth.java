package nod.messaging.publish;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Knows whether Kafka can be reached, never older than a second, and creates the topics that are
 * missing as soon as it can. Thread-safe.
 *
 * <p>Asks the cluster twice a second on a thread of its own; an acknowledged event counts as well.
 */
public final class EventLogHealth implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(EventLogHealth.class);

    /** The design's bound: health no older than 1 s. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final Duration INTERVAL = Duration.ofMillis(400);

    /** Kafka may come back without its disks faster than a probe misses it. */
    private static final Duration LOOK_FOR_TOPICS = Duration.ofSeconds(5);

    private static final int PROBE_TIMEOUT_MILLIS = 800;

    /** A client that failed this often begins anew from the bootstrap addresses. */
    private static final int PROBES_BEFORE_A_NEW_CLIENT = 10;

    private final Map<String, Object> adminConfiguration;
    private final TopicCreation topics;
    private volatile CompletableFuture<Boolean> nextProbe = new CompletableFuture<>();
    private volatile long lastSuccess = System.nanoTime() - 2 * FRESH.toNanos();
    private volatile boolean lastProbe;
    private boolean topicsExist;
    private boolean topicsChecked;
    private long lastLook;
    private volatile int replacements;

    /** What the cluster refused, as it was told. */
    private final Set<String> told = new HashSet<>();

    private volatile boolean running;
    private Thread thread = new Thread();

    /** Uses an admin client of the given configuration. */
    public EventLogHealth(Map<String, Object> adminConfiguration, TopicCreation topics) {
        this.adminConfiguration = adminConfiguration;
        this.topics = topics;
    }

    /**
     * Whether Kafka could be reached within the last second. Where that is not known yet, waits for
     * the next probe, less than a second.
     */
    public Mono<Boolean> isReachable() {
        return Mono.defer(
                () -> {
                    var probe = nextProbe;
                    if (isFresh()) {
                        return Mono.just(true);
                    }
                    return Mono.fromFuture(probe, true)
                            .timeout(Duration.ofMillis(PROBE_TIMEOUT_MILLIS), Mono.just(false))
                            // What callers do next must not hold up the probes.
                            .publishOn(Schedulers.parallel());
                });
    }

    private boolean isFresh() {
        return System.nanoTime() - lastSuccess <= FRESH.toNanos();
    }

    /** The last probe's result: for gauges and health pages, not for decisions. */
    public boolean wasReachable() {
        return lastProbe;
    }

    /**
     * How often the topics were found to be others than before: Kafka lost its disks. It then gives
     * out the ids of producers anew. One that goes on with an id of before would share it with
     * somebody, and Kafka take the records of one for repetitions of the other's.
     */
    int replacements() {
        return replacements;
    }

    /** To be called when Kafka acknowledged something. */
    void acknowledged() {
        lastSuccess = System.nanoTime();
    }

    private void run() {
        while (running) {
            try (var admin = Admin.create(adminConfiguration)) {
                for (int failed = 0; running && failed < PROBES_BEFORE_A_NEW_CLIENT; ) {
                    var reachable = probe(admin);
                    complete(reachable);
                    failed = reachable ? 0 : failed + 1;
                    TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException failure) {
                // No client can be made while no broker's name resolves, for instance.
                log.debug("Kafka could not be asked", failure);
                complete(false);
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean probe(Admin admin) throws InterruptedException {
        var started = System.nanoTime();
        try {
            var options = new DescribeClusterOptions().timeoutMs(PROBE_TIMEOUT_MILLIS);
            var controller = admin.describeCluster(options).controller();
            controller.get(PROBE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException unreachable) {
            log.debug("Kafka did not answer", unreachable);
            return false;
        }
        if (isLookDue(started) && !createTopics(admin)) {
            return false;
        }
        lastSuccess = started;
        return true;
    }

    private boolean isLookDue(long now) {
        return !topicsExist || now - lastLook > LOOK_FOR_TOPICS.toNanos();
    }

    /** Without its topics the log can't be written to, though Kafka is there. */
    private boolean createTopics(Admin admin) throws InterruptedException {
        try {
            var refused = topics.createMissing(admin);
            refused.forEach(this::tell);
            if (topics.wereReplaced()) {
                log.warn("The topics are not those of before: Kafka has lost what it held");
                replacements++;
            }
            topicsExist = refused.isEmpty();
            lastLook = System.nanoTime();
            if (topicsExist && !topicsChecked) {
                topics.check(admin);
                topicsChecked = true;
            }
        } catch (ExecutionException failure) {
            tell(Objects.requireNonNull(failure.getCause()));
        }
        return topicsExist;
    }

    /** Once: the same is asked again with every probe. */
    private void tell(TopicCreation.Refused refused) {
        if (told.add(refused.toString())) {
            log.error("{}. Until the topic exists, nothing is published; tries on", refused);
        }
    }

    private void tell(Throwable failure) {
        if (failure instanceof RetriableException) {
            log.debug("The topics could not be looked for", failure);
        } else if (told.add(failure.toString())) {
            log.error("The topics could not be looked for, tries on", failure);
        }
    }

    private void complete(boolean reachable) {
        if (reachable != lastProbe) {
            log.info("Kafka is {}", reachable ? "reachable" : "not reachable");
        }
        lastProbe = reachable;
        var probe = nextProbe;
        nextProbe = new CompletableFuture<>();
        probe.complete(reachable);
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofPlatform().name("event-log-health").daemon().start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        thread.interrupt();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return -200;
    }
}
