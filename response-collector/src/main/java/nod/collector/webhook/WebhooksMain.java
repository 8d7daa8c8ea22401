package nod.collector.webhook;

import io.r2dbc.spi.ConnectionFactory;

import nod.collector.CollectorSettings;
import nod.collector.CollectorSettings.Authentik;
import nod.collector.webhook.WebhookCommand.Enable;
import nod.collector.webhook.WebhookCommand.ListAll;
import nod.collector.webhook.WebhookCommand.ListUntold;
import nod.collector.webhook.WebhookCommand.ReplayGivenUp;
import nod.collector.webhook.WebhookCommand.ReplayOne;
import nod.collector.webhook.WebhookDesk.Line;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.r2dbc.core.DatabaseClient;

import reactor.core.publisher.Mono;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Administers the webhooks from the command line, with the response collector's own configuration
 * but without its web server, Kafka and its work. What was asked for goes to standard output,
 * everything else to standard error; nothing is logged.
 */
public final class WebhooksMain {

    private static final String COMMAND = "webhooks";

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    /** Longer than the pool waits for a connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PrintStream out;
    private final PrintStream err;

    private WebhooksMain(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** No stereotype: the service's own component scan passes it by. */
    @ImportAutoConfiguration(R2dbcAutoConfiguration.class)
    @EnableConfigurationProperties(CollectorSettings.class)
    static class Beans {}

    /** Whether the arguments of the response collector are a command to this program. */
    public static boolean isMeant(String... arguments) {
        return arguments.length > 0 && arguments[0].equals(COMMAND);
    }

    /** Does what the arguments say and returns the exit status. */
    public static int run(String... arguments) {
        return run(System.out, System.err, arguments);
    }

    static int run(PrintStream out, PrintStream err, String... arguments) {
        return new WebhooksMain(out, err).run(Arrays.asList(arguments));
    }

    private int run(List<String> arguments) {
        try {
            return run(CommandLine.parse(arguments.subList(1, arguments.size())));
        } catch (CommandLine.UsageException misused) {
            err.println(COMMAND + ": " + misused.getMessage());
            return MISUSED;
        } catch (RuntimeException failure) {
            var cause = NestedExceptionUtils.getMostSpecificCause(failure);
            err.println(COMMAND + ": it could not be done: " + cause.getMessage());
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
                        .properties(
                                "spring.config.name=response-collector",
                                // Standard output is for what was asked for.
                                "logging.threshold.console=off")
                        .run(line.settings().toArray(String[]::new))) {
            var database = DatabaseClient.create(context.getBean(ConnectionFactory.class));
            var told = told(context.getBean(CollectorSettings.class));
            return run(line.command(), new WebhookDesk(database), told);
        }
    }

    /** How long whoever is told is tried, by name; authentik among them. */
    private static Map<String, Duration> told(CollectorSettings settings) {
        var told = new HashMap<String, Duration>();
        settings.webhooks().forEach((name, webhook) -> told.put(name, webhook.retryFor()));
        if (settings.authentik().isConfigured()) {
            told.put(Authentik.ENDPOINT, settings.authentik().retryFor());
        }
        return told;
    }

    private int run(WebhookCommand command, WebhookDesk desk, Map<String, Duration> told) {
        return switch (command) {
            case ListAll _ -> list(desk, told);
            case ListUntold(var endpoint) -> list(desk, endpoint);
            case ReplayGivenUp(var endpoint) ->
                    replayed(endpoint, await(desk.replay(endpoint, retryFor(told, endpoint))));
            case ReplayOne(var endpoint, var event) ->
                    replayed(
                            endpoint,
                            await(desk.replay(endpoint, event, retryFor(told, endpoint))));
            case Enable(var endpoint) -> enabled(endpoint, await(desk.enable(endpoint)));
        };
    }

    private static Duration retryFor(Map<String, Duration> told, String name) {
        var retryFor = told.get(name);
        if (retryFor == null) {
            throw new CommandLine.UsageException(
                    "no webhook %s is configured, expected one of %s"
                            .formatted(name, told.keySet().stream().sorted().toList()));
        }
        return retryFor;
    }

    private int list(WebhookDesk desk, Map<String, Duration> told) {
        var configured = List.copyOf(told.keySet());
        var lines = await(desk.endpoints(configured).collectList());
        row("pending", "delivered", "given up", "name", "");
        for (var line : lines) {
            var state = told.containsKey(line.name()) ? state(line) : "not configured";
            row(line.pending(), line.delivered(), line.givenUp(), line.name(), state);
        }
        return DONE;
    }

    private static String state(Line line) {
        if (line.disabled() != null) {
            return "disabled since " + line.disabled();
        }
        return line.paused() == null ? "" : "paused until " + line.paused();
    }

    private void row(Object... cells) {
        out.println("%9s  %9s  %9s  %s  %s".formatted(cells).stripTrailing());
    }

    private int list(WebhookDesk desk, String endpoint) {
        var format = "%-36s  %-36s  %-8s  %5s  %-27s  %s%n";
        var untold = await(desk.untold(endpoint).collectList());
        out.printf(format, "id", "transaction", "state", "tries", "due", "last");
        for (var one : untold) {
            var due = one.state().equals("pending") ? one.due() : "";
            var last = Objects.requireNonNullElse(one.last(), "");
            out.printf(format, one.event(), one.txId(), one.state(), one.attempts(), due, last);
        }
        return DONE;
    }

    private int replayed(String endpoint, long rows) {
        if (rows == 0) {
            err.printf(
                    "%s: there is nothing to replay for %s, see webhooks list %s%n",
                    COMMAND, endpoint, endpoint);
            return FAILED;
        }
        err.printf("%d will be told to %s anew.%n", rows, endpoint);
        return DONE;
    }

    private int enabled(String endpoint, long rows) {
        if (rows == 0) {
            err.printf("%s: %s is not disabled, see webhooks list%n", COMMAND, endpoint);
            return FAILED;
        }
        err.printf("%s is enabled.%n", endpoint);
        return DONE;
    }

    private static <T> T await(Mono<T> done) {
        return Objects.requireNonNull(done.block(PATIENCE));
    }
}
