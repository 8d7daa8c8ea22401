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

    /** Without a report. */
    public LoginResult warmUp(int rate, Duration duration) {
        return run(rate, duration, List.of("--no-reports"));
    }

    /** With a report. */
    public LoginResult measure(int rate, Duration duration) {
        return run(rate, duration, List.of());
    }

    private LoginResult run(int rate, Duration duration, List<String> options) {
        try (var logins = new Logins(rig, crowd, rate, duration)) {
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
