package nod.collector.delivery;

/**
 * How an endpoint stands.
 *
 * @param backlog how many outcomes it has not been told
 * @param oldest the age of the oldest of them in seconds, or 0
 */
public record Standing(String endpoint, boolean disabled, long backlog, double oldest) {}
