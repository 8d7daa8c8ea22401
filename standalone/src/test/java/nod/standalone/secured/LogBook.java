package nod.standalone.secured;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;

import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Keeps what some loggers say, and keeps it from the console. Of what they say for programmers,
 * only lines with a secret are kept.
 */
final class LogBook extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final List<Logger> loggers = new ArrayList<>();

    /**
     * Begins to keep what is said.
     *
     * @param levels from which level on, by the name of the logger
     */
    LogBook(Map<String, Level> levels) {
        var logging = (LoggerContext) LoggerFactory.getILoggerFactory();
        setContext(logging);
        start();
        levels.forEach(
                (name, level) -> {
                    var logger = logging.getLogger(name);
                    logger.setLevel(level);
                    logger.setAdditive(false);
                    logger.addAppender(this);
                    loggers.add(logger);
                });
    }

    @Override
    protected void append(ILoggingEvent event) {
        var failure = event.getThrowableProxy();
        var line =
                "%s %s: %s%s"
                        .formatted(
                                event.getLevel(),
                                event.getLoggerName(),
                                event.getFormattedMessage(),
                                failure == null ? "" : "\n" + ThrowableProxyUtil.asString(failure));
        if (event.getLevel().isGreaterOrEqual(Level.INFO) || line.contains(SecuredServers.SECRET)) {
            lines.add(line);
        }
    }

    /** Those that contain all of these texts. */
    List<String> lines(String... texts) {
        return lines.stream()
                .filter(line -> List.of(texts).stream().allMatch(line::contains))
                .toList();
    }

    void forget() {
        lines.clear();
    }

    @Override
    public void close() {
        for (var logger : loggers) {
            logger.detachAppender(this);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
    }
}
