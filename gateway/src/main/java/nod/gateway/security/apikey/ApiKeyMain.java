package nod.gateway.security.apikey;

import io.r2dbc.spi.R2dbcException;

import nod.gateway.security.TokenHash;
import nod.gateway.security.Tokens;
import nod.gateway.security.apikey.ApiKeyTable.Entry;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.MapPropertySource;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Administers the API keys from the command line, with the gateway's own configuration but without
 * its web server, Kafka and migrations. What was asked for goes to standard output, everything else
 * to standard error; nothing is logged.
 */
public final class ApiKeyMain {

    private static final String COMMAND = "api-key";

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private static final String UNDEFINED_TABLE = "42P01";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PrintStream out;
    private final PrintStream err;

    private ApiKeyMain(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** No stereotype: the gateway's own component scan passes it by. */
    @ImportAutoConfiguration(R2dbcAutoConfiguration.class)
    @Import(ApiKeyTable.class)
    static class Beans {}

    /** Whether the arguments of the gateway are a command to this program. */
    public static boolean isMeant(String... arguments) {
        return arguments.length > 0 && arguments[0].equals(COMMAND);
    }

    /** Does what the arguments say and returns the exit status. */
    public static int run(String... arguments) {
        return run(System.out, System.err, arguments);
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        return new ApiKeyMain(out, err).run(Arrays.asList(arguments));
    }

    private int run(List<String> arguments) {
        try {
            return run(CommandLine.parse(arguments.subList(1, arguments.size())));
        } catch (CommandLine.UsageException misused) {
            err.println(COMMAND + ": " + misused.getMessage());
            return MISUSED;
        } catch (RuntimeException failure) {
            err.println(COMMAND + ": " + explained(failure));
            return FAILED;
        }
    }

    private int run(CommandLine line) {
        try (var context =
                new SpringApplicationBuilder(Beans.class)
                        .web(WebApplicationType.NONE)
                        .bannerMode(Banner.Mode.OFF)
                        .logStartupInfo(false)
                        .registerShutdownHook(false)
                        .initializers(
                                ApiKeyMain::takeTheRoleThatMigrates, ApiKeyMain::leaveThePoolOut)
                        .properties(
                                "spring.config.name=gateway",
                                // Standard output is for what was asked for.
                                "logging.threshold.console=off")
                        .run(line.settings().toArray(String[]::new))) {
            var table = context.getBean(ApiKeyTable.class);
            return switch (line.command()) {
                case ApiKeyCommand.Create create -> create(table, create);
                case ApiKeyCommand.ListAll _ -> list(table);
                case ApiKeyCommand.Revoke revoke -> revoke(table, revoke);
            };
        }
    }

    /** A gateway's own role may read keys and make none. */
    private static void takeTheRoleThatMigrates(ConfigurableApplicationContext context) {
        var settings = context.getEnvironment();
        var password = settings.getProperty("spring.flyway.password");
        if (password != null) {
            settings.getPropertySources()
                    .addFirst(
                            new MapPropertySource(
                                    "the role that migrates",
                                    Map.of(
                                            "spring.r2dbc.username",
                                            settings.getRequiredProperty("spring.flyway.user"),
                                            "spring.r2dbc.password",
                                            password)));
        }
    }

    /**
     * One connection is enough. The pool gives up as soon as suits a request, which is before a JVM
     * that has just begun has made one on a slow machine.
     */
    private static void leaveThePoolOut(ConfigurableApplicationContext context) {
        context.getEnvironment()
                .getPropertySources()
                .addFirst(
                        new MapPropertySource(
                                "one connection", Map.of("spring.r2dbc.pool.enabled", false)));
    }

    private int create(ApiKeyTable table, ApiKeyCommand.Create create) {
        var key = new Tokens().next();
        var entry =
                Objects.requireNonNull(
                        table.add(create.name(), TokenHash.of(key), create.lifetime())
                                .block(PATIENCE));
        out.println(key);
        err.printf(
                "Made key %s of %s, which %s. It is shown this once; the gateways know it within %d"
                        + " s.%n",
                entry.id(),
                entry.name(),
                entry.expires() == null ? "does not expire" : "expires " + entry.expires(),
                KnownApiKeys.REFRESH_SECONDS);
        return DONE;
    }

    private int list(ApiKeyTable table) {
        var entries = Objects.requireNonNull(table.all().collectList().block(PATIENCE));
        row("id", "state", "created", "ends", "name");
        entries.forEach(
                entry ->
                        row(
                                entry.id(),
                                entry.state().name().toLowerCase(Locale.ROOT),
                                entry.created(),
                                end(entry),
                                entry.name()));
        return DONE;
    }

    private void row(Object... cells) {
        out.printf("%-36s  %-7s  %-27s  %-27s  %s%n", cells);
    }

    private static Object end(Entry entry) {
        if (entry.revoked() != null) {
            return entry.revoked();
        }
        return entry.expires() == null ? "never" : entry.expires();
    }

    private int revoke(ApiKeyTable table, ApiKeyCommand.Revoke revoke) {
        var entry = table.revoke(revoke.id()).block(PATIENCE);
        if (entry == null) {
            err.printf("%s: there is no key %s, see api-key list%n", COMMAND, revoke.id());
            return FAILED;
        }
        err.printf(
                "Key %s of %s is revoked since %s; the gateways refuse it within %d s.%n",
                entry.id(), entry.name(), entry.revoked(), KnownApiKeys.REFRESH_SECONDS);
        return DONE;
    }

    private static String explained(RuntimeException failure) {
        var cause = NestedExceptionUtils.getMostSpecificCause(failure);
        var state = cause instanceof R2dbcException refused ? refused.getSqlState() : null;
        if (UNDEFINED_TABLE.equals(state)) {
            return "the database has no table api_key: start a gateway of this version, which makes"
                    + " it";
        }
        if (INSUFFICIENT_PRIVILEGE.equals(state)) {
            return "the role of spring.r2dbc.username may not change keys: give the role that"
                    + " migrates, as spring.flyway.user and spring.flyway.password";
        }
        return "the database of spring.r2dbc.url did not do it: " + cause.getMessage();
    }
}
