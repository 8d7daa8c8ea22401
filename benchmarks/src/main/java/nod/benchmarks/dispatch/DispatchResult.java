package nod.benchmarks.dispatch;

/**
 * How a dispatcher got through a backlog.
 *
 * @param provider that took its time
 * @param reports published
 * @param perSecond reports a second, between the first tenth and the last one
 * @param cpuMicros microseconds of the processor that the dispatcher took for each of those
 * @param memory that the dispatcher held at most, in bytes
 */
record DispatchResult(
        String provider, long reports, double perSecond, double cpuMicros, long memory) {}
