package nod.simulators.control;

import nod.simulators.fault.ActiveFault;
import nod.simulators.fault.ApnsReason;
import nod.simulators.fault.Fault;
import nod.simulators.fault.FcmErrorCode;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** Faults as JSON; {@link ControlServer} describes the form. */
final class FaultJson {

    private static final String KINDS =
            "fcm_error, apns_rejection, delay, too_many_requests, server_error,"
                    + " connection_closed, no_answer or credentials_refused";

    private FaultJson() {}

    static ObjectNode write(JsonMapper json, ActiveFault active) {
        ObjectNode node = json.createObjectNode();
        node.put("provider", active.provider().label());
        node.put("key", active.key());
        describe(node, active.fault());
        node.put("times", active.remaining());
        return node;
    }

    private static void describe(ObjectNode node, Fault fault) {
        switch (fault) {
            case Fault.FcmError(FcmErrorCode code) ->
                    node.put("kind", "fcm_error").put("code", code.name());
            case Fault.ApnsRejection(ApnsReason reason, var since) -> {
                node.put("kind", "apns_rejection").put("reason", reason.reason());
                node.put("timestamp", since == null ? null : since.toString());
            }
            case Fault.Delay(Duration by) ->
                    node.put("kind", "delay").put("seconds", by.toMillis() / 1000.0);
            case Fault.TooManyRequests(var retryAfter) -> {
                node.put("kind", "too_many_requests");
                node.put("retry_after", seconds(retryAfter));
            }
            case Fault.ServerError(int status, var retryAfter) -> {
                node.put("kind", "server_error").put("status", status);
                node.put("retry_after", seconds(retryAfter));
            }
            case Fault.ConnectionClosed() -> node.put("kind", "connection_closed");
            case Fault.NoAnswer() -> node.put("kind", "no_answer");
            case Fault.CredentialsRefused() -> node.put("kind", "credentials_refused");
        }
    }

    private static @Nullable Long seconds(@Nullable Duration duration) {
        return duration == null ? null : duration.toSeconds();
    }

    /**
     * @throws IllegalArgumentException which names the field, the value and what is expected
     */
    static Fault read(JsonNode node) {
        String kind = node.path("kind").asString("");
        return switch (kind) {
            case "fcm_error" -> new Fault.FcmError(code(node));
            case "apns_rejection" -> new Fault.ApnsRejection(reason(node), timestamp(node));
            case "delay" -> new Fault.Delay(delay(node));
            case "too_many_requests" -> new Fault.TooManyRequests(retryAfter(node));
            case "server_error" ->
                    new Fault.ServerError(
                            whole(node, "status")
                                    .orElseThrow(() -> wrong(node, "status", "500 to 599")),
                            retryAfter(node));
            case "connection_closed" -> new Fault.ConnectionClosed();
            case "no_answer" -> new Fault.NoAnswer();
            case "credentials_refused" -> new Fault.CredentialsRefused();
            default -> throw wrong(node, "kind", KINDS);
        };
    }

    /** For how many requests; nothing: until cleared. */
    static Optional<Integer> times(JsonNode node) {
        return whole(node, "times");
    }

    private static FcmErrorCode code(JsonNode node) {
        String code = node.path("code").asString("");
        return Arrays.stream(FcmErrorCode.values())
                .filter(one -> one.name().equals(code))
                .findFirst()
                .orElseThrow(
                        () ->
                                wrong(
                                        node,
                                        "code",
                                        "one of " + Arrays.toString(FcmErrorCode.values())));
    }

    private static ApnsReason reason(JsonNode node) {
        return ApnsReason.of(node.path("reason").asString(""))
                .orElseThrow(
                        () ->
                                wrong(
                                        node,
                                        "reason",
                                        "one of "
                                                + Arrays.stream(ApnsReason.values())
                                                        .map(ApnsReason::reason)
                                                        .toList()));
    }

    private static @Nullable Instant timestamp(JsonNode node) {
        if (absent(node, "timestamp")) {
            return null;
        }
        try {
            return Instant.parse(node.path("timestamp").asString(""));
        } catch (DateTimeException e) {
            throw wrong(node, "timestamp", "a time such as 2026-01-31T12:00:00Z");
        }
    }

    private static Duration delay(JsonNode node) {
        JsonNode seconds = node.path("seconds");
        if (!seconds.isNumber()) {
            throw wrong(node, "seconds", "a number");
        }
        return Duration.ofMillis(
                seconds.decimalValue().multiply(BigDecimal.valueOf(1000)).longValue());
    }

    private static @Nullable Duration retryAfter(JsonNode node) {
        return whole(node, "retry_after").map(Duration::ofSeconds).orElse(null);
    }

    private static Optional<Integer> whole(JsonNode node, String field) {
        if (absent(node, field)) {
            return Optional.empty();
        }
        if (!node.path(field).canConvertToInt() || !node.path(field).isIntegralNumber()) {
            throw wrong(node, field, "a whole number");
        }
        return Optional.of(node.path(field).intValue());
    }

    private static boolean absent(JsonNode node, String field) {
        return node.path(field).isMissingNode() || node.path(field).isNull();
    }

    private static IllegalArgumentException wrong(JsonNode node, String field, String expected) {
        JsonNode value = node.path(field);
        return new IllegalArgumentException(
                "%s: %s, expected %s"
                        .formatted(field, value.isMissingNode() ? "missing" : value, expected));
    }
}
