package nod.messaging.deadletter;

import nod.messaging.deadletter.DeadLetterCommand.Dismiss;
import nod.messaging.deadletter.DeadLetterCommand.ListLetters;
import nod.messaging.deadletter.DeadLetterCommand.ReplayAll;
import nod.messaging.deadletter.DeadLetterCommand.ReplayOne;
import nod.messaging.deadletter.DeadLetterCommand.ReplayTopic;
import nod.messaging.deadletter.DeadLetterCommand.Show;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A command and the settings beside it.
 *
 * @param settings arguments for Spring
 */
record CommandLine(DeadLetterCommand command, List<String> settings) {

    private static final String USAGE =
            """
            expected one of
              dead-letters list [--all]
              dead-letters show TOPIC PARTITION OFFSET
              dead-letters replay [TOPIC [PARTITION OFFSET]]
              dead-letters dismiss TOPIC PARTITION OFFSET
            and, where wanted, settings as --spring.kafka.bootstrap-servers=...\
            """;

    private static final String ALL = "--all";

    private static final Pattern SETTING =
            Pattern.compile("--[a-z0-9-]+\\.[^=]+=.*", Pattern.DOTALL);

    /**
     * Reads a command line.
     *
     * @param arguments those after {@code dead-letters}
     * @throws UsageException where it isn't understood
     */
    static CommandLine parse(List<String> arguments) {
        var words = new ArrayList<String>();
        var settings = new ArrayList<String>();
        for (var argument : arguments) {
            if (SETTING.matcher(argument).matches()) {
                settings.add(argument);
            } else if (argument.startsWith("--") && !argument.equals(ALL)) {
                throw new UsageException("%s is unknown, %s".formatted(argument, USAGE));
            } else {
                words.add(argument);
            }
        }
        return new CommandLine(command(words), List.copyOf(settings));
    }

    private static DeadLetterCommand command(List<String> words) {
        return switch (form(words)) {
            case "list" -> new ListLetters(false);
            case "list --all" -> new ListLetters(true);
            case "show TOPIC PARTITION OFFSET" -> new Show(place(words));
            case "replay" -> new ReplayAll();
            case "replay TOPIC" -> new ReplayTopic(words.getLast());
            case "replay TOPIC PARTITION OFFSET" -> new ReplayOne(place(words));
            case "dismiss TOPIC PARTITION OFFSET" -> new Dismiss(place(words));
            default -> throw misunderstood(words);
        };
    }

    /** The words with names in place of what an operator chooses. */
    private static String form(List<String> words) {
        var names = List.of("TOPIC", "PARTITION", "OFFSET", "more");
        var form = new StringBuilder();
        for (int i = 0; i < Math.min(words.size(), 1 + names.size()); i++) {
            var isOwn = i == 0 || words.get(i).equals(ALL);
            form.append(i == 0 ? "" : " ").append(isOwn ? words.get(i) : names.get(i - 1));
        }
        return form.toString();
    }

    private static UsageException misunderstood(List<String> words) {
        return new UsageException(
                words.isEmpty()
                        ? USAGE
                        : "'%s' is not understood, %s".formatted(String.join(" ", words), USAGE));
    }

    private static Place place(List<String> words) {
        var partition = number("PARTITION", words.get(2), Integer.MAX_VALUE);
        return new Place(
                words.get(1), (int) partition, number("OFFSET", words.get(3), Long.MAX_VALUE));
    }

    private static long number(String name, String text, long highest) {
        try {
            var number = Long.parseLong(text);
            if (number >= 0 && number <= highest) {
                return number;
            }
        } catch (NumberFormatException malformed) {
            throw noNumber(name, text);
        }
        throw noNumber(name, text);
    }

    private static UsageException noNumber(String name, String text) {
        return new UsageException(
                "%s is '%s', expected a number as dead-letters list shows it"
                        .formatted(name, text));
    }
}
