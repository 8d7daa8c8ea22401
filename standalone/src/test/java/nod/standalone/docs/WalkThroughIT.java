package nod.standalone.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import nod.standalone.SharedStandalone;
import nod.standalone.Standalone;
import nod.standalone.host.Programs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs {@code docs/walk-through.md} as it is printed. */
@ResourceLock(SharedStandalone.LOCK)
class WalkThroughIT {

    private final Page page = Page.named("walk-through.md");

    @Test
    void printsWhatThePageSays(@TempDir Path folder) throws Exception {
        assumeThat(Programs.missing("bash", "curl", "jq")).isEmpty();

        var script = String.join("", Page.blocks(page.text(), "sh"));
        var said = String.join("", Page.blocks(page.text(), "text"));

        assertThat(run(folder, script)).isEqualTo(said);
    }

    /** What it wrote; whatever goes wrong ends it, and stands at the end. */
    private static String run(Path folder, String script) throws Exception {
        var nod = SharedStandalone.get();
        var output = folder.resolve("output");
        var file = Files.writeString(folder.resolve("script"), "set -euo pipefail\n" + script);
        var bash =
                new ProcessBuilder("bash", file.toString())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        bash.environment().putAll(environment(nod));
        var process = bash.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("the script ended").isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(output);
    }

    private static Map<String, String> environment(Standalone nod) {
        var uri = nod.gatewayUri().toString();
        return Map.of(
                "NOD_URL", uri.substring(0, uri.length() - 1),
                "NOD_API_KEY", nod.apiKey().value());
    }
}
