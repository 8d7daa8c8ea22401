package nod.gateway.migration;

import org.flywaydb.core.Flyway;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.MapPropertySource;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Map;

/**
 * Migrates the database from the command line, with the gateway's own configuration and nothing
 * else of it, and grants the services' roles what they need. Gateways can then run without the
 * rights to: {@code spring.flyway.enabled=false}. What came of it goes to standard output,
 * everything else to standard error; nothing is logged.
 */
public final class MigrateMain {

    private static final String COMMAND = "migrate";

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private MigrateMain() {}

    /** No stereotype: the gateway's own component scan passes it by. */
    @ImportAutoConfiguration(FlywayAutoConfiguration.class)
    static class Beans {}

    /** Whether the arguments of the gateway are a command to this program. */
    public static boolean isMeant(String... arguments) {
        return arguments.length > 0 && arguments[0].equals(COMMAND);
    }

    /** Does it and returns the exit status. */
    public static int run(String... arguments) {
        return run(System.out, System.err, arguments);
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        var settings = Arrays.copyOfRange(arguments, 1, arguments.length);
        for (var setting : settings) {
            if (!setting.matches("(?s)--[a-z0-9-]+\\.[^=]+=.*")) {
                err.printf(
                        "%s: '%s' is not understood, expected nothing but settings as"
                                + " --spring.flyway.url=...%n",
                        COMMAND, setting);
                return MISUSED;
            }
        }
        try {
            out.printf("The database is at version %s.%n", migrated(settings));
            return DONE;
        } catch (RuntimeException failure) {
            err.printf(
                    "%s: the database of spring.flyway.url did not do it: %s%n",
                    COMMAND, NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
            return FAILED;
        }
    }

    private static Object migrated(String... settings) {
        try (var context =
                new SpringApplicationBuilder(Beans.class)
                        .web(WebApplicationType.NONE)
                        .bannerMode(Banner.Mode.OFF)
                        .logStartupInfo(false)
                        .registerShutdownHook(false)
                        .initializers(MigrateMain::enable)
                        .properties(
                                "spring.config.name=gateway",
                                // Standard output is for what came of it.
                                "logging.threshold.console=off")
                        .run(settings)) {
            var current = context.getBean(Flyway.class).info().current();
            return current == null ? "none" : current.getVersion();
        }
    }

    /** Over everything else, where gateways may be told to leave the database alone. */
    private static void enable(ConfigurableApplicationContext context) {
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(COMMAND, Map.of("spring.flyway.enabled", true)));
    }
}
