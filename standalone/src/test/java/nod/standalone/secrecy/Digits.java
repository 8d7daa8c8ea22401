package nod.standalone.secrecy;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The right item of a login, and what was typed. Both are too short to be searched for as they are:
 * three digits stand in many a line by chance, six in some.
 *
 * @param offered what the phone shows, the right item among it; empty where it has to be typed
 */
record Digits(String txId, String right, String typed, List<String> offered) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Six digits as a word of their own. */
    private static final Pattern SIX = Pattern.compile("(?<![\\w.:-])\\d{6}(?![\\w:-]|\\.\\d)");

    /** Every six digits that the text holds as a word. */
    static List<String> words(String text) {
        return SIX.matcher(text).results().map(found -> found.group()).distinct().toList();
    }

    /** Whether the user had to type it, and not to choose. */
    boolean isTyped() {
        return offered.isEmpty();
    }

    List<String> linesThatTell(List<String> lines) {
        return lines.stream().filter(this::areToldBy).toList();
    }

    /**
     * Whether a line of this login tells the right one, or the typed one: it stands there as a
     * word, and the others that were offered don't.
     */
    private boolean areToldBy(String line) {
        return line.contains(txId)
                && (standsIn(line, right) || standsIn(line, typed))
                && offered.stream().filter(item -> !item.equals(right)).noneMatch(line::contains);
    }

    private static boolean standsIn(String line, String item) {
        return Pattern.compile("(?<![\\w.:-])" + item + "(?![\\w:-]|\\.\\d)").matcher(line).find();
    }

    /** Whether an event's JSON tells it, beside the offered ones, all of which every event may. */
    boolean areToldByEvent(String json) {
        var dense = json.replace(" ", "");
        var text = dense.replace("\"items\":" + JSON.writeValueAsString(offered), "");
        return text.contains("\"" + right + "\"") || text.contains("\"" + typed + "\"");
    }
}
