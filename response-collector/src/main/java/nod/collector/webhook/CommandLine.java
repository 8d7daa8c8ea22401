package nod.collector.webhook;

import nod.collector.webhook.WebhookCommand.Enable;
import nod.collector.webhook.WebhookCommand.ListAll;
import nod.collector.webhook.WebhookCommand.ListUntold;
import nod.collector.webhook.WebhookCommand.ReplayGivenUp;
import nod.collector.webhook.WebhookCommand.ReplayOne;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A command and the settings beside it.
 *
 * @param settings arguments for Spring
 */
record CommandLine(WebhookCommand command, List<String> settings) {

    private static final String USAGE =
            """
            expected one of
              webhooks list [NAME]
              webhooks replay NAME [ID]
              webhooks enable NAME
            and, where wanted, settings as --spring.r2dbc.url=...\
            """;

    private static final Pattern SETTING =
            Pattern.compile("--[a-z0-9-]+\\.[^=]+=.*", Pattern.DOTALL);

    /** A command line that isn't understood; the message says what is expected. */
    static final class UsageException extends RuntimeException {

        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    /**
     * Reads a command line.
     *
     * @param arguments those after {@code webhooks}
     * @throws UsageException where it isn't understood
     */
    static CommandLine parse(List<String> arguments) {
        var words = new ArrayList<String>();
        var settings = new ArrayList<String>();
        for (var argument : arguments) {
            if (SETTING.matcher(argument).matches()) {
                settings.add(argument);
            } else if (argument.startsWith("--")) {
                throw new UsageException("%s is unknown, %s".formatted(argument, USAGE));
            } else {
                words.add(argument);
            }
        }
        return new CommandLine(command(words), List.copyOf(settings));
    }

    private static WebhookCommand command(List<String> words) {
        var verb = words.isEmpty() ? "" : words.getFirst();
        return switch (verb + " " + (words.size() - 1)) {
            case "list 0" -> new ListAll();
            case "list 1" -> new ListUntold(words.get(1));
            case "replay 1" -> new ReplayGivenUp(words.get(1));
            case "replay 2" -> new ReplayOne(words.get(1), id(words.get(2)));
            case "enable 1" -> new Enable(words.get(1));
            default -> throw misunderstood(words);
        };
    }

    private static UsageException misunderstood(List<String> words) {
        return new UsageException(
                words.isEmpty()
                        ? USAGE
                        : "'%s' is not understood, %s".formatted(String.join(" ", words), USAGE));
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException malformed) {
            throw new UsageException(
                    "ID is '%s', expected a webhook-id as webhooks list NAME shows it"
                            .formatted(text));
        }
    }
}
