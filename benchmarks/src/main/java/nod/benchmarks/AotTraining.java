package nod.benchmarks;

import nod.benchmarks.login.Crowd;
import nod.benchmarks.login.LoginRun;
import nod.benchmarks.rig.Rig;

import java.time.Duration;

/** Logins from which the services' JVMs learn what the measured ones will need. */
final class AotTraining {

    /** What two cores carry by then, though three JVMs write down what they do. */
    private static final int RATE = 300;

    /**
     * Half of it reaches the rate, for the JVMs are cold. After half of the time and of the rate,
     * what is learned is enough for 600 a second, but the callers' process still compiles.
     */
    private static final Duration DURATION = Duration.ofMinutes(4);

    private AotTraining() {}

    /** On a system of its own; the caches are there when it is stopped. */
    static void run(Rig.Plan plan, int phones) throws InterruptedException {
        var training = plan.forTraining();
        try (var rig = Rig.start(training)) {
            var crowd = Crowd.enrol(rig, phones);
            new LoginRun(rig, crowd, training.folder().resolve("gatling")).warmUp(RATE, DURATION);
        }
    }
}
