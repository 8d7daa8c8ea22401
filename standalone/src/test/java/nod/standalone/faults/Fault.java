package nod.standalone.faults;

import java.time.Duration;

/**
 * Something that goes wrong for a while.
 *
 * @param kind as the report calls it
 * @param hold how long it lasts before it is mended
 * @param pushesLate see {@link Evidence.Disturbance}
 * @param begin brings it about
 * @param mend ends it; returns when everything that was broken runs again
 */
record Fault(String kind, Duration hold, boolean pushesLate, Step begin, Step mend) {

    /** Something done to the cluster. */
    interface Step {
        void run() throws Exception;
    }
}
