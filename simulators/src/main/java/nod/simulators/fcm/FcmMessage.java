package nod.simulators.fcm;

import nod.simulators.fcm.FcmAnswers.Violation;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The body of a {@code messages:send}, and FCM's rules for it. */
record FcmMessage(JsonNode body) {

    /** Bytes of data and notification together. */
    static final int LIMIT = 4096;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> TARGETS = List.of("token", "fid", "topic", "condition");
    private static final Set<String> RESERVED = Set.of("from", "message_type", "collapse_key");
    private static final List<String> RESERVED_PREFIXES = List.of("google.", "gcm.");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(\\.\\d{1,9})?s");
    private static final Duration LONGEST = Duration.ofDays(28);
    private static final Set<String> PRIORITIES = Set.of("NORMAL", "HIGH");

    static FcmMessage of(byte[] body) {
        try {
            return new FcmMessage(JSON.readTree(body));
        } catch (JacksonException e) {
            return new FcmMessage(MissingNode.getInstance());
        }
    }

    /** Whom it is for: a registration token, an installation id, a topic or a condition. */
    Optional<String> key() {
        return TARGETS.stream()
                .map(target -> message().path(target).asString(""))
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    boolean validateOnly() {
        return body.path("validate_only").asBoolean(false);
    }

    /** The first rule that it breaks. */
    Optional<Violation> violation() {
        return Stream.of(structure(), target(), data(), timeToLive(), priority(), size())
                .flatMap(Optional::stream)
                .findFirst();
    }

    private JsonNode message() {
        return body.path("message");
    }

    private Optional<Violation> structure() {
        return message().isObject()
                ? Optional.empty()
                : violated("message", "Request contains no message object.");
    }

    private Optional<Violation> target() {
        List<String> given = TARGETS.stream().filter(message()::has).toList();
        if (given.size() != 1) {
            return violated(
                    "message",
                    "Exactly one of %s is expected, given: %s".formatted(TARGETS, given));
        }
        String field = given.getFirst();
        JsonNode value = message().path(field);
        boolean plausible = value.isString() && value.asString().matches("\\S{1,4096}");
        return plausible
                ? Optional.empty()
                : violated(
                        "message." + field,
                        "The registration token is not a valid FCM registration token");
    }

    private Optional<Violation> data() {
        for (Map.Entry<String, JsonNode> entry : message().path("data").properties()) {
            String field = "message.data[" + entry.getKey() + "]";
            if (!entry.getValue().isString()) {
                return violated(field, "Invalid value, expected a string");
            }
            if (reserved(entry.getKey())) {
                return violated(field, "Invalid data payload key: " + entry.getKey());
            }
        }
        return Optional.empty();
    }

    private static boolean reserved(String key) {
        return RESERVED.contains(key) || RESERVED_PREFIXES.stream().anyMatch(key::startsWith);
    }

    private Optional<Violation> timeToLive() {
        JsonNode ttl = message().path("android").path("ttl");
        if (ttl.isMissingNode()) {
            return Optional.empty();
        }
        var parsed = DURATION.matcher(ttl.asString(""));
        boolean good = parsed.matches() && Long.parseLong(parsed.group(1)) <= LONGEST.toSeconds();
        return good
                ? Optional.empty()
                : violated("message.android.ttl", "Invalid ttl: " + ttl.asString("not text"));
    }

    private Optional<Violation> priority() {
        JsonNode priority = message().path("android").path("priority");
        boolean good =
                priority.isMissingNode()
                        || PRIORITIES.contains(priority.asString("").toUpperCase(Locale.ROOT));
        return good
                ? Optional.empty()
                : violated("message.android.priority", "Invalid value: " + priority);
    }

    private Optional<Violation> size() {
        int size = bytes(message().path("data")) + bytes(message().path("notification"));
        return size <= LIMIT
                ? Optional.empty()
                : violated(
                        "message",
                        "Message is too big: %d bytes, at most %d".formatted(size, LIMIT));
    }

    private static int bytes(JsonNode fields) {
        return fields.properties().stream()
                .mapToInt(field -> bytes(field.getKey()) + bytes(field.getValue().asString("")))
                .sum();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Optional<Violation> violated(String field, String description) {
        return Optional.of(new Violation(field, description));
    }
}
