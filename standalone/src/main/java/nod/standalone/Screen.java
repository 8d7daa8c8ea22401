package nod.standalone;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** What the person at the keyboard sees. */
final class Screen implements Progress {
    private final PrintStream out;
    private final Clock clock;
    private final Instant began;

    /**
     * @param began from when times are counted: the start of the process
     */
    Screen(PrintStream out, Clock clock, Instant began) {
        this.out = out;
        this.clock = clock;
        this.began = began;
    }

    @Override
    public synchronized void done(String step) {
        out.printf(Locale.ROOT, "  %5.1f s  %s%n", seconds(), step);
    }

    void ready() {
        out.println();
        out.printf(Locale.ROOT, "Nod is ready after %.1f s.%n", seconds());
    }

    /** Where everything is, and what to try. */
    void overview(Standalone nod, boolean isKeyGiven, boolean isDemo) {
        var key = shown(nod.dataFolder().resolve("api-key"));
        out.println();
        entry("Gateway", nod.gatewayUri().toString());
        entry("Kafka", nod.kafka().bootstrapServers());
        entry("API key", isKeyGiven ? "the one in your NOD_API_KEY" : key.toString());
        entry("Log", shown(nod.dataFolder().resolve("logs/nod.log")).toString());
        out.println();
        out.println("Begin the enrolment of a phone, in another shell:");
        out.println();
        if (!isKeyGiven) {
            out.printf("  export NOD_API_KEY=$(cat %s)%n", key);
        }
        out.printf(
                """
                  curl -s %sapi/v3/authenticators/mobile/ \\
                    -H "Authorization: Bearer $NOD_API_KEY" -H "Content-Type: application/json" \\
                    -d '{"user": "alice", "name": "A phone"}'
                %n\
                """,
                nod.gatewayUri());
        if (!isDemo) {
            out.println("See a login approved and one denied: stop this, then");
            out.println();
            out.println(
                    "  mvn -pl standalone -am spring-boot:run -Dspring-boot.run.arguments=--demo");
            out.println();
        }
        out.println("Ctrl-C stops everything; the data stays.");
    }

    /** One sentence for a start that ended. */
    void refused(String sentence) {
        out.println();
        out.println("Nod can't start. " + sentence);
    }

    /** One sentence for something that went wrong while the rest runs on. */
    void failed(String sentence) {
        out.println();
        out.println(sentence);
    }

    void stopping() {
        out.println();
        out.println("Nod is stopping.");
    }

    void stopped() {
        out.println("Nod has stopped.");
    }

    private void entry(String name, String value) {
        out.printf("  %-9s%s%n", name, value);
    }

    private double seconds() {
        return Duration.between(began, clock.instant()).toMillis() / 1000.0;
    }

    // As one would type it: relative where it lies below the working directory.
    private static Path shown(Path file) {
        var here = Path.of("").toAbsolutePath();
        return file.startsWith(here) ? here.relativize(file) : file;
    }
}
