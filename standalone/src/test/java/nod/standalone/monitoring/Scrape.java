package nod.standalone.monitoring;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What services told when they were scraped, in Prometheus' text format. */
final class Scrape {

    private static final Pattern SAMPLE =
            Pattern.compile("(?m)^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) \\S+$");

    private final Map<String, Set<Set<String>>> samples = new HashMap<>();
    private final Set<String> families = new TreeSet<>();

    /** Adds what one service told. */
    Scrape with(String text) {
        TYPE.matcher(text).results().forEach(type -> families.add(type.group(1)));
        SAMPLE.matcher(text)
                .results()
                .forEach(
                        sample ->
                                samples.computeIfAbsent(sample.group(1), _ -> new HashSet<>())
                                        .add(labels(sample.group(2))));
        return this;
    }

    private static Set<String> labels(@Nullable String text) {
        var labels = new TreeSet<String>();
        if (text != null) {
            LABEL.matcher(text).results().forEach(label -> labels.add(label.group(1)));
        }
        return labels;
    }

    /** The metrics that have a type, by the names that their samples begin with. */
    Set<String> families() {
        return families;
    }

    /** The sets of labels that samples of that name have; empty where there are none. */
    Set<Set<String>> labelsOf(String sample) {
        return samples.getOrDefault(sample, Set.of());
    }
}
