package nod.benchmarks;

import nod.benchmarks.raw.Floor;
import nod.benchmarks.raw.Limits;
import nod.benchmarks.report.Machine;
import nod.benchmarks.rig.Rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** One run of this program: what is measured, by which settings, and where results go. */
final class Run {

    private static final String RESULTS = "results.md";

    private final Rig rig;
    private final BenchmarkSettings settings;
    private final Consumer<String> screen;

    Run(Rig rig, BenchmarkSettings settings, Consumer<String> screen) {
        this.rig = rig;
        this.settings = settings;
        this.screen = screen;
        tell(Machine.described());
        tell(settings);
    }

    Rig rig() {
        return rig;
    }

    BenchmarkSettings settings() {
        return settings;
    }

    /** Where files of results go. */
    Path folder() {
        return settings.folder();
    }

    /** Each step of a login, measured alone. */
    Floor limits() {
        return new Limits(rig, settings.stepDuration()).measure();
    }

    /** Onto the screen, and into the page of results. */
    void tell(Object text) {
        screen.accept(text.toString());
        try {
            Files.writeString(
                    folder().resolve(RESULTS),
                    text + "\n\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
