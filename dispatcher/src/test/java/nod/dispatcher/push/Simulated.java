package nod.dispatcher.push;

import nod.simulators.Simulators;
import nod.simulators.SimulatorsConfig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** The simulated providers that all tests of this JVM share. */
public final class Simulated {

    private static final Simulators SIMULATORS = start();

    private Simulated() {}

    public static Simulators providers() {
        return SIMULATORS;
    }

    private static Simulators start() {
        try {
            var simulators =
                    Simulators.start(
                            SimulatorsConfig.in(Files.createTempDirectory("nod-providers")));
            Runtime.getRuntime().addShutdownHook(new Thread(simulators::close));
            return simulators;
        } catch (IOException noFolder) {
            throw new UncheckedIOException(noFolder);
        }
    }
}
