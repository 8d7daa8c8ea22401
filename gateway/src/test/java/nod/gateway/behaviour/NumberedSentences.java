package nod.gateway.behaviour;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The sentences of the page by their numbers. */
final class NumberedSentences {

    private static final Pattern SENTENCE = Pattern.compile("^\\*\\*(\\d+)\\.\\*\\* (.+)$");

    private NumberedSentences() {}

    static SortedMap<Integer, String> of(Path page) throws IOException {
        var sentences = new TreeMap<Integer, String>();
        for (var line : Files.readAllLines(page)) {
            var matcher = SENTENCE.matcher(line);
            if (matcher.matches()) {
                var number = Integer.valueOf(matcher.group(1));
                if (sentences.put(number, matcher.group(2)) != null) {
                    throw new AssertionError(page + ": the number " + number + " is there twice");
                }
            }
        }
        return sentences;
    }
}
