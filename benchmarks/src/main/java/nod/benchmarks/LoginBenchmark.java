package nod.benchmarks;

import nod.benchmarks.growth.Database;
import nod.benchmarks.growth.Growth;
import nod.benchmarks.login.Crowd;
import nod.benchmarks.login.LoginResult;
import nod.benchmarks.login.LoginRun;
import nod.benchmarks.login.LoginTables;
import nod.benchmarks.raw.Floor;
import nod.benchmarks.report.Table;

/** Whole logins, and beside them what they would cost at least. */
final class LoginBenchmark {

    private final Run run;
    private final BenchmarkSettings settings;

    LoginBenchmark(Run run) {
        this.run = run;
        this.settings = run.settings();
    }

    boolean measure() throws InterruptedException {
        starts();
        grow();
        var crowd = Crowd.enrol(run.rig(), settings.phones());
        var logins = new LoginRun(run.rig(), crowd, run.folder().resolve("gatling"));
        logins.warmUp(settings.warmUpRate(), settings.warmUp());
        var result = logins.measure(settings.rate(), settings.duration());
        run.tell(LoginTables.of(result));
        boolean guarded = settings.stepDuration().isZero() || isGuarded(result, run.limits());
        return guarded && result.failed() == 0;
    }

    private void grow() {
        try (var database = Database.of(run.rig())) {
            var growth = new Growth(database);
            growth.devices(settings.devices());
            growth.history(settings.history());
            database.analyze();
        }
    }

    private void starts() {
        var table = new Table("service", "ready after s", "memory MB when idle");
        var memory = run.rig().usage().memory();
        run.rig()
                .startTimes()
                .forEach(
                        (service, time) ->
                                table.row(
                                        service,
                                        time.toMillis() / 1000.0,
                                        memory.getOrDefault(service, 0L) >> 20));
        run.tell(table);
    }

    private boolean isGuarded(LoginResult result, Floor floor) {
        double ratio = floor.cpuMillis() / result.cpuMillis();
        run.tell(floor.table());
        run.tell(
                new Table("floor ms", "actual ms", "floor/actual", "guard")
                        .row(floor.cpuMillis(), result.cpuMillis(), ratio, settings.guard()));
        return ratio >= settings.guard();
    }
}
