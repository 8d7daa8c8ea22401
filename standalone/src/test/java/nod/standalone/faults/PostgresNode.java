package nod.standalone.faults;

import nod.standalone.host.Port;
import nod.standalone.postgres.EmbeddedPostgres;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** PostgreSQL, which is several processes: all are killed or paused at once. */
final class PostgresNode implements Node {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final EmbeddedPostgres.Layout layout;
    private final int port;
    private @Nullable EmbeddedPostgres server;

    PostgresNode(EmbeddedPostgres.Layout layout, int port) {
        this.layout = layout;
        this.port = port;
    }

    @Override
    public String name() {
        return "PostgreSQL";
    }

    /** Where it is, and who may enter. */
    EmbeddedPostgres server() {
        if (server == null) {
            throw new IllegalStateException("PostgreSQL was not started");
        }
        return server;
    }

    /** Recovers from its log where it was killed; returns when it can be used. */
    @Override
    public void start() {
        try {
            server =
                    EmbeddedPostgres.start(
                            layout, new Port(port, "PostgreSQL of the fault run", "none"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void awaitReady() {
        // Its start waits already.
    }

    @Override
    public void kill() {
        var all = processes().toList();
        Signals.send("KILL", all.stream().mapToLong(ProcessHandle::pid));
        all.forEach(PostgresNode::awaitEnd);
    }

    private static void awaitEnd(ProcessHandle process) {
        process.onExit().orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    @Override
    public void pause() {
        Signals.send("STOP", pids());
    }

    @Override
    public void resume() {
        Signals.send("CONT", pids());
    }

    private LongStream pids() {
        return processes().mapToLong(ProcessHandle::pid);
    }

    private Stream<ProcessHandle> processes() {
        try {
            var first = Files.readAllLines(layout.data().resolve("postmaster.pid")).getFirst();
            return ProcessHandle.of(Long.parseLong(first.strip())).stream()
                    .flatMap(head -> Stream.concat(Stream.of(head), head.descendants()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
