package nod.benchmarks.login;

import io.gatling.app.Gatling$;

import nod.benchmarks.rig.Rig;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Logins that arrive at a rate, whatever becomes of those before them. */
public final class LoginRun {

    private final Rig rig;
    private final Crowd crowd;
    private final Path reports;

    /**
     * @param reports gets a folder with Gatling's report of each measured run
     */
    public LoginRun(Rig rig, Crowd crowd, Path reports) {
        this.rig = rig;
        this.crowd = crowd;
        this.reports = reports;
    }

    /** Reaches the rate in the first half of that time. Without a report. */
    public void warmUp(int rate, Duration duration) {
        run(new Logins(rig, crowd, rate, duration, true), List.of("--no-reports"));
    }

    /** With a report. */
    public LoginResult measure(int rate, Duration duration) {
        return run(new Logins(rig, crowd, rate, duration, false), List.of());
    }

    private LoginResult run(Logins running, List<String> options) {
        try (var logins = running) {
            LoginSimulation.runNext(logins);
            var arguments =
                    new ArrayList<>(
                            List.of(
                                    "--simulation",
                                    LoginSimulation.class.getName(),
                                    "--results-folder",
                                    reports.toAbsolutePath().toString()));
            arguments.addAll(options);
            Gatling$.MODULE$.fromArgs(arguments.toArray(String[]::new));
            return logins.result();
        }
    }
}
