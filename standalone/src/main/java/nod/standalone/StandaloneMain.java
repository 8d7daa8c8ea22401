package nod.standalone;

import nod.standalone.demo.Demo;
import nod.standalone.host.DataFolder;
import nod.standalone.host.StartRefusedException;
import nod.standalone.settings.CommandLine;
import nod.standalone.settings.StandaloneSettings;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Clock;

/** Starts everything, shows it, and stops it when asked. */
public final class StandaloneMain {
    private static final Logger LOG = LoggerFactory.getLogger(StandaloneMain.class);
    private static final int OK = 0;
    private static final int REFUSED = 1;

    private final StopSignal signal = StopSignal.install();
    private final Screen screen = screen();

    private StandaloneMain() {}

    public static void main(String[] arguments) {
        ProcessLog.silence();
        var main = new StandaloneMain();
        var status = main.run(arguments);
        ProcessLog.close();
        main.signal.done();
        // Asked to stop, the JVM is ending already, with a status that tells so.
        if (!main.signal.isAsked()) {
            System.exit(status);
        }
    }

    private int run(String[] arguments) {
        try {
            return run(CommandLine.of(arguments));
        } catch (StartRefusedException e) {
            screen.refused(e.sentence());
            return REFUSED;
        }
    }

    private int run(CommandLine commandLine) {
        var settings = commandLine.settings();
        var folder = DataFolder.own(settings.dataFolder(), StandaloneSettings.DATA);
        var log = ProcessLog.to(folder.resolve("logs").resolve("nod.log"), commandLine.logLevels());
        try (var nod =
                Standalone.start(folder, settings, commandLine.serviceProperties(), screen)) {
            screen.ready();
            if (commandLine.isDemo()) {
                demonstrate(nod);
            }
            screen.overview(nod, settings.apiKey() != null, commandLine.isDemo());
            signal.await();
            screen.stopping();
        } catch (InterruptedException e) {
            screen.stopping();
        } catch (StartRefusedException e) {
            throw e;
        } catch (RuntimeException | Error e) { // in one sentence, its whole story in the log
            return failed(e, log);
        }
        screen.stopped();
        return OK;
    }

    // A demonstration that fails leaves the system running, to be looked at.
    private void demonstrate(Standalone nod) {
        try {
            Demo.run(nod, System.out);
        } catch (InterruptedException e) {
            // The stop was asked for, and comes next.
        } catch (RuntimeException e) {
            if (!signal.isAsked()) {
                LOG.error("The demonstration failed", e);
                screen.failed("The demonstration ended early: " + e.getMessage());
            }
        }
    }

    private int failed(Throwable failure, Path log) {
        if (signal.isAsked()) {
            // A part that was interrupted says so in a way of its own.
            return OK;
        }
        LOG.error("Nod can't start", failure);
        screen.refused(deepest(failure) + " (The whole story is in " + log + ".)");
        return REFUSED;
    }

    private static String deepest(Throwable failure) {
        var reason = failure;
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            reason = cause;
        }
        var message = reason.getMessage();
        return message == null ? reason.getClass().getSimpleName() : message;
    }

    private static Screen screen() {
        var clock = Clock.systemUTC();
        var began = ProcessHandle.current().info().startInstant();
        return new Screen(System.out, clock, began.orElseGet(clock::instant));
    }
}
