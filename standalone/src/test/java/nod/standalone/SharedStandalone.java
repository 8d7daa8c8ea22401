package nod.standalone;

import nod.standalone.settings.StandaloneSettings;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * One running system for all tests of a JVM: on free ports, with a data folder of its own that is
 * removed at the end.
 *
 * <p>What a test leaves behind, the next one finds: take users of one's own, and undo faults.
 */
public final class SharedStandalone {

    /** What a class locks that uses it. */
    public static final String LOCK = "the shared standalone";

    private static @Nullable Standalone running;
    private static @Nullable RuntimeException failure;

    private SharedStandalone() {}

    /** Starts it when it is wanted for the first time. */
    // Not in a static initialiser: threads of the system may want this class meanwhile.
    public static synchronized Standalone get() {
        if (failure != null) {
            throw failure;
        }
        if (running == null) {
            running = startOnce();
        }
        return running;
    }

    private static Standalone startOnce() {
        try {
            return start();
        } catch (RuntimeException e) {
            // Every further test would wait for the same.
            failure = e;
            throw e;
        }
    }

    private static Standalone start() {
        try {
            var data = Files.createTempDirectory("nod-standalone-");
            var nod = Standalone.start(StandaloneSettings.onFreePorts(data), Progress.SILENT);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(nod, data)));
            return nod;
        } catch (IOException e) {
            throw new UncheckedIOException("No folder for the data", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The tests are being stopped", e);
        }
    }

    private static void stop(Standalone nod, Path data) {
        nod.close();
        try (var files = Files.walk(data)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The data of the tests stays in " + data, e);
        }
    }
}
