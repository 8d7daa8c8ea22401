package nod.standalone.faults;

import static org.awaitility.Awaitility.await;

import nod.standalone.host.ChildJvm;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/** A JVM of its own on this class path. For one thread at a time. */
public final class JvmNode implements Node {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Three may start at once, on a machine that has other things to do. */
    private static final Duration START = Duration.ofMinutes(3);

    private final String name;
    private final Class<?> main;
    private final List<String> arguments;
    private final BooleanSupplier ready;
    private final Path log;
    private List<String> options = List.of();
    private @Nullable Path patch;
    private boolean testsLeftOut;
    private @Nullable Process process;

    /**
     * A JVM that is not started yet.
     *
     * @param ready whether it does its work
     * @param log where its output is added
     */
    JvmNode(String name, Class<?> main, List<String> arguments, BooleanSupplier ready, Path log) {
        this.name = name;
        this.main = main;
        this.arguments = arguments;
        this.ready = ready;
        this.log = log;
    }

    @Override
    public String name() {
        return name;
    }

    /** From the next start on its clock is off by so much. */
    void skew(Duration by) {
        options = List.of("-D%s=%s".formatted(ServiceMain.SKEW, by));
    }

    /** From the next start on: classes that take the place of those of the same names. */
    void patch(@Nullable Path classes) {
        patch = classes;
    }

    /** From the next start on: without the classes and files of the tests. */
    void leaveOutTheTests() {
        testsLeftOut = true;
    }

    boolean isPatched() {
        return patch != null;
    }

    /** What it has said since it was made. */
    public Path log() {
        return log;
    }

    @Override
    public void start() {
        var command = new ArrayList<>(ChildJvm.command());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(arguments);
        try {
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    private String classPath() {
        var own =
                testsLeftOut
                        ? ChildJvm.deliveredClassPath()
                        : System.getProperty("java.class.path");
        return patch == null ? own : patch + File.pathSeparator + own;
    }

    @Override
    public void awaitReady() {
        await(name + " is ready")
                .atMost(START)
                .pollInterval(Duration.ofMillis(100))
                .until(this::isReady);
    }

    private boolean isReady() {
        if (!running().isAlive()) {
            throw new AssertionError(name + " has ended, its log says why: " + log);
        }
        return ready.getAsBoolean();
    }

    @Override
    public void kill() {
        try {
            running().destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** SIGTERM; returns when it is gone. */
    void terminate() {
        beginStop();
        awaitEnd();
    }

    /** SIGTERM; does not wait. */
    void beginStop() {
        running().toHandle().destroy();
    }

    /** Returns when it is gone. */
    void awaitEnd() {
        try {
            if (!running().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(name + " did not stop within " + PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void pause() {
        Signals.send("STOP", LongStream.of(running().pid()));
    }

    @Override
    public void resume() {
        Signals.send("CONT", LongStream.of(running().pid()));
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return process;
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }
}
