package nod.standalone.kafka;

import static java.util.Map.entry;

import java.nio.file.Path;
import java.util.Map;

/** The settings of a broker that is alone and small. */
final class BrokerSettings {
    static final int NODE_ID = 1;
    static final String CONTROLLER = "CONTROLLER";
    static final String CLIENTS = "CLIENTS";

    private BrokerSettings() {}

    static Map<String, String> of(Path folder, int port, int controllerPort) {
        return Map.ofEntries(
                entry("process.roles", "broker,controller"),
                entry("node.id", Integer.toString(NODE_ID)),
                // The one voter is named here and not in the storage, so that its port may change.
                entry("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort),
                entry("controller.listener.names", CONTROLLER),
                entry("inter.broker.listener.name", CLIENTS),
                entry(
                        "listener.security.protocol.map",
                        CLIENTS + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT"),
                entry(
                        "listeners",
                        "%s://127.0.0.1:%d,%s://127.0.0.1:%d"
                                .formatted(CLIENTS, port, CONTROLLER, controllerPort)),
                entry("advertised.listeners", CLIENTS + "://127.0.0.1:" + port),
                entry("log.dirs", folder.toString()),
                entry("metadata.log.dir", folder.toString()),

                // A killed broker waits until its old session has ended: 9 s by default. Much less
                // and a busy machine makes a living one miss it.
                entry("broker.session.timeout.ms", "3000"),
                entry("broker.heartbeat.interval.ms", "500"),

                // Topics come with the services, with their retention; a misspelt one is an error.
                entry("auto.create.topics.enable", "false"),
                entry("num.partitions", "1"),
                entry("default.replication.factor", "1"),
                entry("auto.leader.rebalance.enable", "false"),

                // One node holds every copy; fewer partitions of its own topics start faster.
                entry("offsets.topic.replication.factor", "1"),
                entry("offsets.topic.num.partitions", "4"),
                entry("transaction.state.log.replication.factor", "1"),
                entry("transaction.state.log.min.isr", "1"),
                entry("transaction.state.log.num.partitions", "4"),
                entry("share.coordinator.state.topic.replication.factor", "1"),
                entry("share.coordinator.state.topic.min.isr", "1"),
                entry("share.coordinator.state.topic.num.partitions", "4"),
                entry("group.initial.rebalance.delay.ms", "0"),

                // The defaults are for a machine of its own: 128 MB for the cleaner, 17 threads.
                entry("log.cleaner.dedupe.buffer.size", "4194304"),
                entry("log.cleaner.io.buffer.size", "131072"),
                entry("num.network.threads", "2"),
                entry("num.io.threads", "4"),
                entry("background.threads", "2"),
                entry("log.index.size.max.bytes", "1048576"));
    }
}
