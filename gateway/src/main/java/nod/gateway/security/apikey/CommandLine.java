package nod.gateway.security.apikey;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A command and the settings beside it.
 *
 * @param settings arguments for Spring
 */
record CommandLine(ApiKeyCommand command, List<String> settings) {

    private static final String USAGE =
            """
            expected one of
              api-key create NAME [--expires-in=90d]
              api-key list
              api-key revoke ID
            and, where wanted, settings as --spring.r2dbc.url=...\
            """;

    private static final String EXPIRES_IN = "--expires-in=";
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(3650);

    private static final Pattern SETTING =
            Pattern.compile("--[a-z0-9-]+\\.[^=]+=.*", Pattern.DOTALL);

    /** Names go into events, logs and shells. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

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
     * @param arguments those after {@code api-key}
     * @throws UsageException where it isn't understood
     */
    static CommandLine parse(List<String> arguments) {
        var words = new ArrayList<String>();
        var settings = new ArrayList<String>();
        Duration lifetime = null;
        for (var argument : arguments) {
            if (argument.startsWith(EXPIRES_IN)) {
                lifetime = lifetime(argument.substring(EXPIRES_IN.length()));
            } else if (SETTING.matcher(argument).matches()) {
                settings.add(argument);
            } else if (argument.startsWith("-")) {
                // Passed on, a misspelt --expires-in would make a key that never expires.
                throw new UsageException("%s is unknown, %s".formatted(argument, USAGE));
            } else {
                words.add(argument);
            }
        }
        return new CommandLine(command(words, lifetime), List.copyOf(settings));
    }

    private static ApiKeyCommand command(List<String> words, @Nullable Duration lifetime) {
        var verb = words.isEmpty() ? "" : words.getFirst();
        if (verb.equals("create") && words.size() == 2) {
            return new ApiKeyCommand.Create(name(words.get(1)), lifetime);
        }
        if (lifetime != null) {
            throw new UsageException("--expires-in goes with create NAME alone, " + USAGE);
        }
        if (verb.equals("list") && words.size() == 1) {
            return new ApiKeyCommand.ListAll();
        }
        if (verb.equals("revoke") && words.size() == 2) {
            return new ApiKeyCommand.Revoke(id(words.get(1)));
        }
        throw new UsageException(
                words.isEmpty()
                        ? USAGE
                        : "'%s' is not understood, %s".formatted(String.join(" ", words), USAGE));
    }

    private static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new UsageException(
                    "NAME is '%s', expected 1 to 64 of A-Z a-z 0-9 . _ - that begin with a letter or digit"
                            .formatted(text));
        }
        return text;
    }

    private static Duration lifetime(String text) {
        try {
            var lifetime = DurationStyle.SIMPLE.parse(text);
            if (lifetime.compareTo(SHORTEST) >= 0 && lifetime.compareTo(LONGEST) <= 0) {
                return lifetime;
            }
        } catch (IllegalArgumentException | ArithmeticException malformed) {
            throw unusableLifetime(text);
        }
        throw unusableLifetime(text);
    }

    private static UsageException unusableLifetime(String text) {
        return new UsageException(
                "--expires-in is '%s', expected 1s to 3650d, as 90d, 12h or 30m".formatted(text));
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException malformed) {
            throw new UsageException(
                    "ID is '%s', expected a UUID as api-key list shows it".formatted(text));
        }
    }
}
