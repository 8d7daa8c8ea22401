package nod.standalone.settings;

import nod.standalone.host.StartRefusedException;

import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was asked for at the start: by arguments, by the environment and by an optional {@code
 * standalone.yml} in the working directory or its folder {@code config}, in this order.
 */
public final class CommandLine {
    private static final String DEMO = "demo";
    private static final String NOD = "nod.";
    private static final String LEVELS = "logging.level";
    private static final List<String> KNOWN = List.of(NOD, LEVELS + ".", "spring.config.");

    private final DefaultApplicationArguments arguments;
    private final ConfigurableEnvironment environment;

    private CommandLine(String[] arguments, ConfigurableEnvironment environment) {
        this.arguments = new DefaultApplicationArguments(arguments);
        this.environment = environment;
    }

    /**
     * @throws StartRefusedException when an argument is not one of ours
     */
    public static CommandLine of(String... arguments) {
        var environment = new StandardEnvironment();
        var sources = environment.getPropertySources();
        sources.addFirst(new SimpleCommandLinePropertySource(arguments));
        sources.addLast(new MapPropertySource("names", Map.of("spring.config.name", "standalone")));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        ConfigurationPropertySources.attach(environment);
        var commandLine = new CommandLine(arguments, environment);
        commandLine.refuseUnknown();
        return commandLine;
    }

    /** Whether a login shall be shown. */
    public boolean isDemo() {
        return arguments.containsOption(DEMO);
    }

    /**
     * @throws StartRefusedException for a wrong or unknown value, with its key and what is expected
     */
    public StandaloneSettings settings() {
        addGivenKey();
        try {
            return Binder.get(environment)
                    .bindOrCreate(
                            StandaloneSettings.PREFIX,
                            Bindable.of(StandaloneSettings.class),
                            new NoUnboundElementsBindHandler(
                                    BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
        } catch (BindException e) {
            throw refused(e);
        }
    }

    /** The level wanted for each logger that was named: {@code --logging.level.nod=DEBUG}. */
    public Map<String, String> logLevels() {
        return Binder.get(environment)
                .bind(LEVELS, Bindable.mapOf(String.class, String.class))
                .orElse(Map.of());
    }

    /** The arguments that are no affair of this process as a whole, but of its services. */
    public Map<String, String> serviceProperties() {
        return arguments.getOptionNames().stream()
                .filter(name -> name.startsWith(NOD))
                .filter(name -> !name.startsWith(StandaloneSettings.PREFIX + "."))
                .collect(Collectors.toMap(name -> name, this::value));
    }

    private String value(String name) {
        var values = arguments.getOptionValues(name);
        return values == null ? "" : String.join(",", values);
    }

    private void addGivenKey() {
        var given = environment.getProperty(ApiKey.VARIABLE);
        if (given != null && !given.isBlank()) {
            environment
                    .getPropertySources()
                    .addFirst(
                            new MapPropertySource(
                                    "key", Map.of(StandaloneSettings.PREFIX + ".api-key", given)));
        }
    }

    private void refuseUnknown() {
        arguments.getOptionNames().stream()
                .filter(name -> !isKnown(name))
                .map(name -> "--" + name)
                .findFirst()
                .or(() -> arguments.getNonOptionArgs().stream().findFirst())
                .ifPresent(CommandLine::refuse);
    }

    private static boolean isKnown(String option) {
        return option.equals(DEMO) || KNOWN.stream().anyMatch(option::startsWith);
    }

    private static void refuse(String argument) {
        throw new StartRefusedException(
                "The argument %s is unknown, expected are --demo and settings such as --nod.standalone.gateway.port=18080."
                        .formatted(argument));
    }

    private static StartRefusedException refused(BindException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case StartRefusedException sentence -> {
                    return sentence;
                }
                case UnboundConfigurationPropertiesException unknown -> {
                    return unknown(unknown);
                }
                default -> {
                    // The reason lies deeper.
                }
            }
        }
        var property = e.getProperty();
        return new StartRefusedException(
                "%s is '%s', expected is %s."
                        .formatted(
                                e.getName(),
                                property == null ? "" : property.getValue(),
                                StandaloneSettings.PORT_EXPECTED),
                e);
    }

    private static StartRefusedException unknown(UnboundConfigurationPropertiesException e) {
        var names =
                e.getUnboundProperties().stream()
                        .map(property -> property.getName().toString())
                        .collect(Collectors.joining(", "));
        return new StartRefusedException(
                "There is no setting %s; expected are %s, and the ports of gateway, dispatcher, response-collector, kafka, postgres and simulators below %s."
                        .formatted(names, StandaloneSettings.DATA, StandaloneSettings.PREFIX),
                e);
    }
}
