package nod.standalone.secrecy;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the run left where others read it: for each place all that stands there. */
final class Produced {

    private final Map<String, StringBuilder> texts = new TreeMap<>();

    void add(String place, String text) {
        texts.computeIfAbsent(place, _ -> new StringBuilder()).append(text).append('\n');
    }

    /** All that stands in the places of which that is true. */
    String in(Predicate<String> places) {
        return texts.entrySet().stream()
                .filter(entry -> places.test(entry.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining("\n"));
    }

    /** For each place that holds canaries: which, and what stands around them. */
    Map<String, Map<String, String>> holding(Canaries canaries) {
        var holding = new TreeMap<String, Map<String, String>>();
        texts.forEach(
                (place, text) -> {
                    var found = canaries.in(text.toString());
                    if (!found.isEmpty()) {
                        holding.put(place, found);
                    }
                });
        return holding;
    }
}
