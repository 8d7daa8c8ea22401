package nod.benchmarks.rig;

import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the processes have used, each by the name of its part, in the order of their start.
 *
 * @param cpu since their start
 * @param memory at this moment, in bytes
 */
public record Usage(Map<String, Duration> cpu, Map<String, Long> memory) {

    /** What was used from {@code earlier} to this one; the memory is that of this one. */
    public Usage since(Usage earlier) {
        var used =
                cpu.entrySet().stream()
                        .collect(
                                toMap(
                                        Map.Entry::getKey,
                                        part -> part.getValue().minus(earlier.of(part.getKey())),
                                        Duration::plus,
                                        LinkedHashMap::new));
        return new Usage(used, memory);
    }

    /** CPU time of that part; none if it is not known. */
    public Duration of(String part) {
        return cpu.getOrDefault(part, Duration.ZERO);
    }

    /** CPU time of all parts. */
    public Duration total() {
        return cpu.values().stream().reduce(Duration.ZERO, Duration::plus);
    }
}
