package nod.simulators.phone;

import nod.simulators.fault.Provider;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a phone's pushes arrive: the simulators' inbox for its push key, read on from what it has
 * seen. For one thread at a time.
 */
final class PushInbox {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final Http http;
    private final URI simulators;
    private final Provider provider;
    private String pushKey;
    private long seen;

    /**
     * @param simulators the control URI of the simulators
     */
    PushInbox(Http http, URI simulators, Provider provider, String pushKey) {
        this.http = http;
        this.simulators = simulators;
        this.provider = provider;
        this.pushKey = pushKey;
    }

    String pushKey() {
        return pushKey;
    }

    /** From now on receives on that key; nothing of another key counts as seen. */
    void receiveOn(String key) {
        if (!key.equals(pushKey)) {
            pushKey = key;
            seen = 0;
        }
    }

    /** The next push that the provider accepted; empty where none comes in that time. */
    Optional<Push> next(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            for (JsonNode message : messages(left)) {
                seen = message.path("sequence").asLong();
                if (message.path("accepted").asBoolean()) {
                    String body = message.path("body").asString("");
                    return Optional.of(PromptJson.push(provider, body));
                }
            }
            if (left.isZero()) {
                return Optional.empty();
            }
        }
    }

    private JsonNode messages(Duration wait) {
        Duration asked = wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
        String path =
                "/inbox/%s/%s?after=%d&wait=%d.%03d"
                        .formatted(
                                provider.label(),
                                URLEncoder.encode(pushKey, StandardCharsets.UTF_8)
                                        .replace("+", "%20"),
                                seen,
                                asked.toSeconds(),
                                asked.toMillisPart());
        String answer = http.expect(200, "GET", simulators.resolve(path), null, null);
        return VirtualPhone.json(answer, "the inbox");
    }
}
