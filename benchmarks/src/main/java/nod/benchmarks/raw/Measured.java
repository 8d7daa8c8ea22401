package nod.benchmarks.raw;

/**
 * What a step costs.
 *
 * @param name of the step
 * @param perSecond how often it was done
 * @param cpuMicros CPU time of all that take part, each time
 * @param times how often a login does it at least
 */
public record Measured(String name, double perSecond, double cpuMicros, double times) {}
