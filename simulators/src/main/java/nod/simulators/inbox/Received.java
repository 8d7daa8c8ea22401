package nod.simulators.inbox;

import nod.simulators.wire.Reaction;
import nod.simulators.wire.WireRequest;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A message as a provider received it, accepted or not.
 *
 * @param sequence grows by each message of a provider, beginning with 1 at each start
 * @param received when it had arrived whole; a delay of the answer comes later
 * @param request as it came, but for the credential in {@code authorization}, of which only the
 *     scheme is kept
 * @param reaction what the provider does about it
 */
public record Received(long sequence, Instant received, WireRequest request, Reaction reaction) {

    /** Whether the provider took it, that is, whether the phone gets it. */
    public boolean accepted() {
        return reaction.accepts();
    }

    /** The body as UTF-8 text. */
    public String text() {
        return new String(request.body(), StandardCharsets.UTF_8);
    }
}
