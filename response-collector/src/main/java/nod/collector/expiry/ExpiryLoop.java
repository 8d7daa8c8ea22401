package nod.collector.expiry;

import nod.collector.CollectorSettings;
import nod.collector.SweepLoop;

import org.springframework.stereotype.Component;

/** Closes what nobody answered, again and again. */
@Component
final class ExpiryLoop extends SweepLoop {

    ExpiryLoop(ExpirySweep sweep, CollectorSettings settings) {
        super("expiry-sweep", settings.expiry().interval(), sweep.closeBatch());
    }
}
