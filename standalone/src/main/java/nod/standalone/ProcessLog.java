package nod.standalone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;

import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Where this process logs: everything to a file, warnings to the console too. */
final class ProcessLog {
    private ProcessLog() {}

    /** Keeps the console for the screen until there is a folder to log to. */
    static void silence() {
        context().reset();
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    /**
     * @param file what is written, and rolled over beside it
     * @param levels by the name of the logger
     * @return {@code file}
     */
    static Path to(Path file, Map<String, String> levels) {
        var context = context();
        context.reset();
        context.putProperty("file", file.toString());
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(
                    Objects.requireNonNull(
                            ProcessLog.class.getResource("/standalone-logback.xml")));
        } catch (JoranException e) {
            throw new IllegalStateException("Can't log to " + file, e);
        }
        levels.forEach((logger, level) -> context.getLogger(logger).setLevel(Level.toLevel(level)));
        return file;
    }

    /** Writes what is still to be written. */
    static void close() {
        context().stop();
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
}
