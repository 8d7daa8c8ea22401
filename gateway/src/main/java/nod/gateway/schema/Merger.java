package nod.gateway.schema;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Puts the same part of several documents together: {@code paths} by path and method, {@code
 * components} by kind and name. What two documents both have must be the same in both.
 */
final class Merger {

    private static final int LEVELS = 2;

    private Merger() {}

    /** Adds the part of one more document to what is merged already. */
    static void merge(Map<String, Object> merged, Map<String, Object> more) {
        add(merged, more, LEVELS, "the document");
    }

    private static void add(Map<String, Object> merged, Map<?, ?> more, int levels, String where) {
        more.forEach(
                (key, value) -> {
                    var name = key.toString();
                    if (levels > 1) {
                        add(nested(merged, name), (Map<?, ?>) value, levels - 1, name);
                    } else if (!value.equals(merged.getOrDefault(name, value))) {
                        throw new IllegalStateException(
                                "two documents differ about '%s' of %s".formatted(name, where));
                    } else {
                        merged.put(name, value);
                    }
                });
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> nested(Map<String, Object> merged, String name) {
        return (Map<String, Object>)
                merged.computeIfAbsent(name, _ -> new LinkedHashMap<String, Object>());
    }
}
