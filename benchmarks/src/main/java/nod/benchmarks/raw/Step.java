package nod.benchmarks.raw;

import reactor.core.publisher.Mono;

import java.util.Set;

/**
 * Something that a login does, in its smallest form.
 *
 * @param name as tables call it
 * @param processes which take part, by their names in the rig
 * @param times how often a login does it at least
 * @param once does it; may be subscribed to again and again, many at a time
 */
record Step(String name, Set<String> processes, double times, Mono<?> once) {}
