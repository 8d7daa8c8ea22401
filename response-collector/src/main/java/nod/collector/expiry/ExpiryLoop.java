package nod.collector.expiry;

import nod.collector.CollectorSettings;
import nod.messaging.sweep.SweepLoop;

import org.springframework.stereotype.Component;

/** Closes what nobody answered, again and again. */
@Component
final class ExpiryLoop extends SweepLoop {

    private final ExpirySweep sweep;

    ExpiryLoop(ExpirySweep sweep, CollectorSettings settings) {
        super("expiry-sweep", settings.expiry().interval());
        this.sweep = sweep;
    }

    @Override
    protected boolean sweep() {
        return await(sweep.closeBatch());
    }
}
