package nod.standalone.kafka;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

import nod.standalone.host.Port;
import nod.standalone.host.PrivateFile;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One Kafka node, broker and controller at once, in this process and on loopback.
 *
 * <p>Its folder keeps every acknowledged record over stops and over the death of the process. It
 * can be stopped and started again on the same address. Not safe for use by several threads at
 * once.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final Supplier<Map<String, String>> settings;
    private @Nullable KafkaRaftServer server;

    /**
     * A node that isn't started yet.
     *
     * @param folder where its records are, below nothing else's
     * @param port where clients find it, known to be free
     */
    public EmbeddedKafka(Path folder, int port) {
        // At each start, for the port between broker and controller may be taken by then.
        this(folder, port, () -> BrokerSettings.of(folder, port, Port.anyFree()));
    }

    /** A node with settings of the caller's. */
    EmbeddedKafka(Path folder, int port, Supplier<Map<String, String>> settings) {
        this.folder = folder;
        this.port = port;
        this.settings = settings;
    }

    /** What clients take as {@code bootstrap.servers}, running or not. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Returns when clients can connect. Does nothing while it runs. */
    public void start() {
        if (server != null) {
            return;
        }
        var config = new KafkaConfig(settings.get(), false);
        var thread = Thread.currentThread();
        var loader = thread.getContextClassLoader();
        // Kafka finds its plug-ins by the name of the class, through the thread's loader.
        thread.setContextClassLoader(EmbeddedKafka.class.getClassLoader());
        try {
            formatIfNew();
            server = started(new KafkaRaftServer(config, Time.SYSTEM));
        } finally {
            thread.setContextClassLoader(loader);
        }
    }

    /** Returns when everything is written and the port is free. Does nothing when stopped. */
    public void stop() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    @Override
    public void close() {
        stop();
    }

    private static KafkaRaftServer started(KafkaRaftServer starting) {
        try {
            starting.startup();
            return starting;
        } catch (RuntimeException e) {
            starting.shutdown();
            throw e;
        }
    }

    private void formatIfNew() {
        if (Files.exists(folder.resolve("meta.properties"))) {
            return;
        }
        PrivateFile.makeFolder(folder);
        try {
            new Formatter()
                    .setPrintStream(silent())
                    .setNodeId(BrokerSettings.NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(BrokerSettings.CONTROLLER)
                    .setMetadataLogDirectory(folder.toString())
                    .addDirectory(folder.toString())
                    .run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Can't format " + folder + " for Kafka", e);
        }
    }

    private static PrintStream silent() {
        return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    }
}
