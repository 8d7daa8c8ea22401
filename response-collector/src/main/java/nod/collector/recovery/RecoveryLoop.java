package nod.collector.recovery;

import nod.collector.CollectorSettings;
import nod.collector.SweepLoop;

import org.springframework.stereotype.Component;

/** Decides claims whose event did not come, again and again. */
@Component
final class RecoveryLoop extends SweepLoop {

    RecoveryLoop(RecoverySweep sweep, CollectorSettings settings) {
        super("recovery-sweep", settings.recovery().interval(), sweep.decideBatch());
    }
}
