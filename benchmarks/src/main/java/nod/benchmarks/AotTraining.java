package nod.benchmarks;

import nod.benchmarks.login.Crowd;
import nod.benchmarks.login.LoginRun;
import nod.benchmarks.rig.Rig;

import java.time.Duration;

/** Logins from which the services' JVMs learn what the measured ones will need. */
final class AotTraining {

    /** What two cores carry while five JVMs are cold and three of them write down what they do. */
    private static final int RATE = 150;

    /** Half of it reaches the rate. What is learned in that time is enough for 600 a second. */
    private static final Duration DURATION = Duration.ofMinutes(2);

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
