package nod.collector.webhook;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A delivery that is being tried.
 *
 * @param event the id of the outcome's event, the same at every try
 * @param lease who tries it
 * @param body as it is sent, to the letter
 * @param number how many tries there have been, this one included
 * @param at when it began, by the database's clock, in seconds since 1970
 */
record Attempt(UUID event, UUID lease, String body, int number, long at) {

    /** The signatures of all keys over id, time and body, as the header has them. */
    String signatures(List<SigningKey> keys) {
        var content = "%s.%d.%s".formatted(event, at, body).getBytes(StandardCharsets.UTF_8);
        return keys.stream().map(key -> key.sign(content)).collect(Collectors.joining(" "));
    }
}
