package nod.standalone;

import nod.standalone.settings.StandaloneSettings;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.support.TypeBasedParameterResolver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * Gives tests one running system, the same for all test classes of a JVM: on free ports, with a
 * data folder of its own that is removed at the end. A constructor or method that takes a {@link
 * Standalone} gets it.
 *
 * <p>What a test leaves behind, the next one finds: take users of one's own, and undo faults.
 */
public final class StandaloneExtension extends TypeBasedParameterResolver<Standalone> {

    @Override
    public Standalone resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.GLOBAL)
                .computeIfAbsent(Running.class, key -> Running.start(), Running.class)
                .nod();
    }

    /** Closed by JUnit when the last test of the JVM has ended. */
    private record Running(Standalone nod, Path data) implements AutoCloseable {

        static Running start() {
            try {
                var data = Files.createTempDirectory("nod-standalone-");
                return new Running(
                        Standalone.start(StandaloneSettings.onFreePorts(data), Progress.SILENT),
                        data);
            } catch (IOException e) {
                throw new IllegalStateException("No folder for the data", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("The tests are being stopped", e);
            }
        }

        @Override
        public void close() throws IOException {
            nod.close();
            try (var files = Files.walk(data)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
