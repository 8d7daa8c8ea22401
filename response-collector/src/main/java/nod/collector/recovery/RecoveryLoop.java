package nod.collector.recovery;

import nod.collector.CollectorSettings;
import nod.messaging.sweep.SweepLoop;

import org.springframework.stereotype.Component;

/** Decides claims whose event did not come, again and again. */
@Component
final class RecoveryLoop extends SweepLoop {

    private final RecoverySweep sweep;

    RecoveryLoop(RecoverySweep sweep, CollectorSettings settings) {
        super("recovery-sweep", settings.recovery().interval());
        this.sweep = sweep;
    }

    @Override
    protected boolean sweep() {
        return await(sweep.decideBatch());
    }
}
