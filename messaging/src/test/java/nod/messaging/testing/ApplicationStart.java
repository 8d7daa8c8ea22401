package nod.messaging.testing;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts applications one after the other, whichever thread wants them: each sets the logging of
 * the JVM up anew, which Logback does not bear from two threads at a time.
 */
public final class ApplicationStart {

    private ApplicationStart() {}

    /** Runs it with these arguments. */
    public static synchronized ConfigurableApplicationContext of(
            SpringApplicationBuilder application, String... arguments) {
        return application.run(arguments);
    }

    /** What a test does that looks for a line of the log. */
    public interface LogReading {
        void run() throws Exception;
    }

    /** Lets none start meanwhile: while one does, what others log is lost. */
    public static synchronized void whileNone(LogReading reading) throws Exception {
        reading.run();
    }
}
