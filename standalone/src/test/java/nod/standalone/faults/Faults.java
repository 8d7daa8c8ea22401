package nod.standalone.faults;

import static org.awaitility.Awaitility.await;

import nod.simulators.fault.Fault.ConnectionClosed;
import nod.simulators.fault.Fault.Delay;
import nod.simulators.fault.Fault.NoAnswer;
import nod.simulators.fault.Fault.ServerError;
import nod.simulators.fault.Fault.TooManyRequests;
import nod.simulators.fault.Provider;
import nod.standalone.faults.Fault.Step;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The faults that are known. Where one could strike several parts, chance chooses. */
final class Faults {

    private static final String DEAD_LETTERS = "nod_dead_letters_total";
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration SHORT = Duration.ofMillis(2500);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final Random random;
    private double before;

    Faults(Cluster cluster, Random random) {
        this.cluster = cluster;
        this.random = random;
    }

    /** Each kind once, in an order of chance. */
    List<Fault> all() {
        var all = new ArrayList<Fault>();
        all.add(kill(any(cluster.gateways)));
        all.add(kill(any(cluster.dispatchers)));
        all.add(kill(any(cluster.collectors)));
        all.add(kill(cluster.broker));
        all.add(kill(cluster.postgres));
        all.add(pause(any(cluster.gateways)));
        all.add(pause(any(cluster.dispatchers)));
        all.add(pause(any(cluster.collectors)));
        all.add(pause(cluster.broker));
        all.add(pause(cluster.postgres));
        all.addAll(networks());
        all.addAll(providers());
        all.add(duplicates());
        all.add(unreadable());
        all.add(rebalance());
        all.add(rolling());
        Collections.shuffle(all, random);
        return all;
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** It is started again at once. */
    private Fault kill(Node node) {
        return new Fault(
                "kill -9 " + node.name(),
                AT_ONCE,
                false,
                node::kill,
                () -> {
                    node.start();
                    node.awaitReady();
                });
    }

    private Fault pause(Node node) {
        return new Fault("SIGSTOP " + node.name(), PAUSE, true, node::pause, node::resume);
    }

    private List<Fault> networks() {
        var inner =
                List.of(
                        cluster.gatewayToDatabase,
                        cluster.gatewayToKafka,
                        cluster.dispatcherToDatabase,
                        cluster.dispatcherToKafka,
                        cluster.collectorToDatabase,
                        cluster.collectorToKafka,
                        cluster.front);
        var faults = new ArrayList<Fault>();
        for (var state : Link.State.values()) {
            if (state != Link.State.OPEN) {
                faults.add(network(any(inner), state));
            }
        }
        return faults;
    }

    private static Fault network(Link link, Link.State state) {
        return new Fault(
                "%s: %s".formatted(link.name(), words(state)),
                SHORT,
                true,
                () -> link.set(state),
                () -> link.set(Link.State.OPEN));
    }

    private static String words(Link.State state) {
        return switch (state) {
            case OPEN -> "open";
            case SLOW -> "slow";
            case CUT -> "cut";
            case SILENT -> "silent";
            case NO_REQUESTS -> "one-way, answers only";
            case NO_ANSWERS -> "one-way, requests only";
        };
    }

    private List<Fault> providers() {
        return List.of(
                provider("down", new ConnectionClosed(), Provider.values()),
                provider("takes a second", new Delay(Duration.ofSeconds(1)), Provider.values()),
                provider(
                        "429, Retry-After 2 s",
                        new TooManyRequests(Duration.ofSeconds(2)),
                        Provider.values()),
                provider("5xx", new ServerError(503), Provider.values()),
                provider(NEVER_ANSWERS, new NoAnswer(), any(List.of(Provider.values()))),
                network(
                        any(List.of(cluster.dispatcherToFcm, cluster.dispatcherToApns)),
                        Link.State.SILENT));
    }

    private Fault provider(String what, nod.simulators.fault.Fault fault, Provider... providers) {
        var name = providers.length > 1 ? "FCM and APNs" : providers[0].name();
        Step begin =
                () -> {
                    for (var provider : providers) {
                        cluster.simulators.faults().set(provider, fault);
                    }
                };
        return new Fault(
                name + ": " + what, SHORT, true, begin, cluster.simulators.faults()::clearAll);
    }

    /** Copies of what was just written come again, in another order. */
    private Fault duplicates() {
        return new Fault(
                "records again, in another order",
                AT_ONCE,
                false,
                () -> new Repeats(cluster.bootstrapServers(), random).write(),
                () -> {});
    }

    /** Mended when it has become a dead letter that is counted. */
    private Fault unreadable() {
        return new Fault(
                "a record that nobody can read",
                AT_ONCE,
                false,
                () -> {
                    before = cluster.metric(DEAD_LETTERS);
                    Repeats.writeUnreadable(cluster.bootstrapServers());
                },
                () ->
                        await("the dead letter is counted")
                                .atMost(Duration.ofSeconds(30))
                                .until(() -> cluster.metric(DEAD_LETTERS) == before + 1));
    }

    /** A stranger joins both groups while pushes are at the provider, and leaves again. */
    private Fault rebalance() {
        var stranger = new Stranger(cluster.bootstrapServers());
        return new Fault(
                "rebalance with pushes under way",
                SHORT,
                false,
                () -> {
                    for (var provider : Provider.values()) {
                        cluster.simulators
                                .faults()
                                .set(provider, new Delay(Duration.ofMillis(700)));
                    }
                    stranger.join();
                },
                () -> {
                    stranger.leave();
                    cluster.simulators.faults().clearAll();
                });
    }

    /**
     * The first instance of each service, then the second, as the page for operators says: a
     * gateway is taken out of the balancer before.
     */
    private Fault rolling() {
        return new Fault(
                ROLLING,
                AT_ONCE,
                false,
                () -> {
                    for (int i = 0; i < cluster.gateways.size(); i++) {
                        restart(i);
                    }
                },
                () -> {});
    }

    /** How the kind of a provider's silence ends. */
    static final String NEVER_ANSWERS = "never answers";

    /** A rolling restart. */
    static final String ROLLING = "rolling restart of all services";

    private void restart(int number) {
        var nodes =
                Stream.of(cluster.gateways, cluster.dispatchers, cluster.collectors)
                        .map(instances -> instances.get(number))
                        .toList();
        cluster.leaveOut(nodes.getFirst());
        nodes.forEach(JvmNode::beginStop);
        nodes.forEach(JvmNode::awaitEnd);
        nodes.forEach(JvmNode::start);
        nodes.forEach(JvmNode::awaitReady);
        cluster.takeIn(nodes.getFirst());
    }
}
