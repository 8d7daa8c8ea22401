package nod.benchmarks.rig;

import nod.standalone.host.Port;
import nod.standalone.kafka.BrokerMain;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** The only broker of Kafka, a process of its own. */
final class Broker implements AutoCloseable {

    private static final int PARTITIONS = 6;

    private final int port = Port.anyFree();
    private final JvmProcess process;

    /**
     * A broker that is not started yet.
     *
     * @param name as tables call it
     * @param folder gets its data
     * @param log where its output is added
     */
    Broker(String name, Path folder, Path log) {
        process =
                new JvmProcess(
                        name,
                        List.of(
                                "-Xmx512m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                BrokerMain.class.getName(),
                                folder.toString(),
                                "" + port),
                        Map.of(),
                        () -> BrokerMain.answersAt(bootstrapServers()),
                        log);
    }

    /** Returns when it takes records. */
    void start() {
        process.start();
        process.awaitReady();
    }

    long pid() {
        return process.pid();
    }

    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Makes a topic as the services make theirs. */
    void makeTopic(String name) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1))).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("no topic " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
