package nod.benchmarks.rig;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** A JVM of its own. For one thread at a time. */
public final class JvmProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final BooleanSupplier ready;
    private final Path log;
    private long started;
    private @Nullable Process process;

    /**
     * A JVM that is not started yet.
     *
     * @param command what follows the program {@code java}
     * @param environment beside that of this process
     * @param ready whether it does its work
     * @param log where its output is added
     */
    JvmProcess(
            String name,
            List<String> command,
            Map<String, String> environment,
            BooleanSupplier ready,
            Path log) {
        this.name = name;
        this.command = command;
        this.environment = environment;
        this.ready = ready;
        this.log = log;
    }

    /** As tables call it. */
    public String name() {
        return name;
    }

    /** Starts it; does not wait until it is ready. */
    public void start() {
        var all = new ArrayList<>(List.of(jdk("java")));
        all.addAll(command);
        var builder =
                new ProcessBuilder(all)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            started = System.nanoTime();
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /**
     * Waits until it does its work.
     *
     * @return how long that took from the start of the process
     */
    public Duration awaitReady() {
        while (!ready.getAsBoolean()) {
            if (!running().isAlive() || sinceStart().compareTo(PATIENCE) > 0) {
                throw new IllegalStateException(
                        "%s is not ready after %s, its log says why: %s"
                                .formatted(name, sinceStart(), log));
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return sinceStart();
    }

    private Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /** Its process id. */
    public long pid() {
        return running().pid();
    }

    /** Stands still from then on; its connections stay open. */
    public void pause() {
        program("kill", "-STOP", "" + pid());
    }

    /** Goes on. */
    public void resume() {
        program("kill", "-CONT", "" + pid());
    }

    /** How many threads it has. */
    public int threads() {
        return ProcFiles.threads(pid());
    }

    /** CPU time since its start. */
    public Duration cpu() {
        return ProcFiles.ownCpu(pid());
    }

    /** What it holds of the memory, in bytes. */
    public long memory() {
        return ProcFiles.memory(pid());
    }

    /** What it has held at most, in bytes. */
    public long mostMemory() {
        return ProcFiles.mostMemory(pid());
    }

    /** Collects its garbage, and says what of the heap is in use, in bytes. */
    public long heapAfterCollection() {
        program(jdk("jcmd"), "" + pid(), "GC.run");
        var used = HEAP_USED.matcher(program(jdk("jcmd"), "" + pid(), "GC.heap_info"));
        if (!used.find()) {
            throw new IllegalStateException("the heap of " + name + " can't be read");
        }
        return Long.parseLong(used.group(1)) * 1024;
    }

    /** Where this JDK has a program. */
    static String jdk(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    /** Runs it to its end; what it says. */
    private static String program(String... command) {
        try (var said =
                new ProcessBuilder(command).redirectErrorStream(true).start().inputReader()) {
            return said.readAllAsString();
        } catch (IOException e) {
            throw new UncheckedIOException(command[0], e);
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return process;
    }

    /** SIGTERM; returns when it is gone. */
    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        process = null;
    }
}
