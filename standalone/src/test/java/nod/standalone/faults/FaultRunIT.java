package nod.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * Each kind of fault strikes once, while the clocks are a minute apart; with {@code
 * -Dnod.faults.duration=PT2H} they strike for hours, in ever new orders. The seed is printed;
 * {@code -Dnod.faults.seed=...} repeats the schedule.
 */
@Order(1)
@Tag("alone")
class FaultRunIT {

    /**
     * Few between the faults: each time it is a system of cold processes that has to recover, and
     * it is the faults that are to do harm, not a load that the machine is too slow for.
     */
    private static final Load.Rate LOGINS = new Load.Rate(6, 30);

    /** At most so many logins are under way. */
    private static final int PEOPLE = 150;

    @Test
    void keepsEveryPromiseWhateverFails(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
            throws Exception {
        var seed = Long.getLong("nod.faults.seed", new Random().nextLong());
        var duration = Duration.parse(System.getProperty("nod.faults.duration", "PT0S"));
        System.out.println("Fault run: -Dnod.faults.seed=" + seed + ", folder " + folder);
        try (var cluster = Cluster.start(folder, 2, Duration.ofMinutes(1));
                var crowd = Crowd.enrol(cluster, PEOPLE);
                var run = new FaultRun(cluster, crowd, seed)) {
            var report = run.run(LOGINS, duration);
            System.out.println(report.text());
            assertThat(report.violations()).isEmpty();
            assertThat(report.kindsThatDoNotCount()).isEmpty();
        }
    }
}
