package nod.standalone.monitoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What an expression of PromQL asks for.
 *
 * @param selectors the metrics, each with the labels that it is chosen by
 * @param groupings the labels that results are grouped by, or matched on
 */
record PromQl(List<Selector> selectors, Set<String> groupings) {

    private static final Pattern TOKEN =
            Pattern.compile(
                    "\"(?:[^\"\\\\]|\\\\.)*\"|\\[[^]]*]|[0-9][0-9.a-z]*|[a-zA-Z_:][\\w:]*|[(){},]|[^\\s\\w]");

    private static final Set<String> GROUPING =
            Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

    private static final Set<String> WORDS =
            Set.of("and", "or", "unless", "bool", "offset", "inf", "nan");

    /** A metric with the labels that it is chosen by. */
    record Selector(String metric, Set<String> labels) {}

    static PromQl of(String expression) {
        var tokens = TOKEN.matcher(expression).results().map(MatchResult::group).toList();
        var selectors = new ArrayList<Selector>();
        var groupings = new TreeSet<String>();
        for (int i = 0; i < tokens.size(); i++) {
            var next = i + 1 < tokens.size() ? tokens.get(i + 1) : "";
            if (GROUPING.contains(tokens.get(i))) {
                groupings.addAll(names(tokens, i + 1, ")"));
                i = tokens.subList(i, tokens.size()).indexOf(")") + i;
            } else if (isMetric(tokens.get(i), next)) {
                var chosen = next.equals("{");
                var labels = chosen ? names(tokens, i + 1, "}") : List.<String>of();
                selectors.add(new Selector(tokens.get(i), new TreeSet<>(labels)));
                i = chosen ? tokens.subList(i, tokens.size()).indexOf("}") + i : i;
            }
        }
        return new PromQl(selectors, groupings);
    }

    private static boolean isMetric(String token, String next) {
        return isName(token)
                && !WORDS.contains(token)
                && !next.equals("(")
                && !next.equals("by")
                && !next.equals("without");
    }

    private static boolean isName(String token) {
        return token.matches("[a-zA-Z_:][\\w:]*");
    }

    private static List<String> names(List<String> tokens, int from, String end) {
        var rest = tokens.subList(from, tokens.size());
        return rest.subList(0, rest.indexOf(end)).stream().filter(PromQl::isName).toList();
    }
}
