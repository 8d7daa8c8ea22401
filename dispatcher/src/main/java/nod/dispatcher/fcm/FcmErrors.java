package nod.dispatcher.fcm;

import com.google.api.client.http.HttpResponseException;
import com.google.firebase.IncomingHttpResponse;
import com.google.firebase.messaging.FirebaseMessagingException;
import com.google.firebase.messaging.MessagingErrorCode;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;

import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushResult.Accepted;
import nod.dispatcher.push.PushResult.CredentialsRefused;
import nod.dispatcher.push.PushResult.Rejected;
import nod.dispatcher.push.PushResult.TryAgain;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What FCM's answers, mostly errors, mean for a push and its key. Pure. */
final class FcmErrors {

    /** FCM asks to wait a minute at least where it names no time. */
    private static final Duration QUOTA_WAIT = Duration.ofMinutes(1);

    private static final Set<String> ADDRESS_FIELDS = Set.of("message.token", "message.fid");
    private static final String INVALID_TOKEN = "not a valid FCM registration token";

    private static final String UNKNOWN = "unknown";

    private static final String FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError";

    /** As the SDK reads them: those it knows, and APNS_AUTH_ERROR under its newer name. */
    private static final Map<String, MessagingErrorCode> CODES = codes();

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private FcmErrors() {}

    private static Map<String, MessagingErrorCode> codes() {
        var codes = new HashMap<String, MessagingErrorCode>();
        for (var code : MessagingErrorCode.values()) {
            codes.put(code.name(), code);
        }
        codes.put("APNS_AUTH_ERROR", MessagingErrorCode.THIRD_PARTY_AUTH_ERROR);
        return Map.copyOf(codes);
    }

    /**
     * The meaning of an answer.
     *
     * @param now for a Retry-After that is a date
     */
    static PushResult resultOf(FcmAnswer answer, Instant now) {
        var content = json(answer.body());
        if (answer.isSuccess()) {
            return new Accepted(content.path("name").asString(UNKNOWN));
        }
        var retryAfter = RetryAfter.of(answer.retryAfter(), now);
        if (answer.status() == 503) {
            return unavailable(retryAfter);
        }
        var code = code(content);
        return code == null
                ? byStatus(answer.status(), retryAfter)
                : byCode(code, content, retryAfter);
    }

    /** FCM's own code; null where there is none that is known. */
    private static @Nullable MessagingErrorCode code(JsonNode content) {
        for (var detail : content.path("error").path("details")) {
            if (FCM_ERROR.equals(detail.path("@type").asString(""))) {
                return CODES.get(detail.path("errorCode").asString(""));
            }
        }
        return null;
    }

    /**
     * The meaning of what the SDK threw.
     *
     * @param now for a Retry-After that is a date
     */
    static PushResult resultOf(FirebaseMessagingException failure, Instant now) {
        var response = failure.getHttpResponse();
        return response == null ? withoutAnswer(failure, now) : answered(failure, response, now);
    }

    /**
     * Nothing came back from FCM itself; what the token endpoint said is among the causes.
     *
     * @param failure whatever was thrown on the way
     */
    static PushResult withoutAnswer(Throwable failure, Instant now) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case ServiceUnavailableException unavailable -> {
                    return unavailable(RetryAfter.of(unavailable.retryAfter(), now));
                }
                case HttpResponseException tokens -> {
                    return tokensRefused(tokens, now);
                }
                case HttpTimeoutException _,
                        ConnectTimeoutException _,
                        SslHandshakeTimeoutException _ -> {
                    return TryAgain.outage("timeout", null);
                }
                case ConnectException _, UnknownHostException _ -> {
                    return TryAgain.outage("no_connection", null);
                }
                default -> {
                    // looks further down
                }
            }
        }
        return TryAgain.outage("connection_failed", null);
    }

    /** The token endpoint answered: 400 invalid_grant, 401 and 403 are about our credentials. */
    private static PushResult tokensRefused(HttpResponseException answer, Instant now) {
        return switch (answer.getStatusCode()) {
            case 400, 401, 403 -> new CredentialsRefused(tokenError(answer), true);
            default ->
                    TryAgain.outage(
                            "no_access_token",
                            RetryAfter.of(answer.getHeaders().getRetryAfter(), now));
        };
    }

    private static String tokenError(HttpResponseException answer) {
        var error = json(answer.getContent()).path("error");
        return error.isString() && error.stringValue().matches("[a-z_]{1,64}")
                ? error.stringValue()
                : "no_access_token";
    }

    private static PushResult answered(
            FirebaseMessagingException failure, IncomingHttpResponse response, Instant now) {
        var retryAfter = RetryAfter.of(header(response.getHeaders(), "retry-after"), now);
        var code = failure.getMessagingErrorCode();
        return code == null
                ? byStatus(response.getStatusCode(), retryAfter)
                : byCode(code, json(response.getContent()), retryAfter);
    }

    private static PushResult unavailable(@Nullable Duration retryAfter) {
        return TryAgain.outage("UNAVAILABLE", retryAfter);
    }

    private static PushResult byCode(
            MessagingErrorCode code, JsonNode content, @Nullable Duration retryAfter) {
        return switch (code) {
            case UNREGISTERED -> Rejected.key(code.name(), null);
            case INVALID_ARGUMENT ->
                    isAboutTheAddress(content)
                            ? Rejected.key(code.name(), null)
                            : Rejected.push(code.name());
            // The key belongs to another Firebase project: ours is misconfigured, the phone is
            // well.
            case SENDER_ID_MISMATCH -> Rejected.push(code.name());
            case QUOTA_EXCEEDED ->
                    TryAgain.patience(code.name(), retryAfter == null ? QUOTA_WAIT : retryAfter);
            case UNAVAILABLE, INTERNAL -> TryAgain.outage(code.name(), retryAfter);
            // Firebase's credentials at Apple: Android's pushes still pass.
            case THIRD_PARTY_AUTH_ERROR -> new CredentialsRefused(code.name(), false);
        };
    }

    /** No error code of FCM's: a front end of Google answered, or something on the way. */
    private static PushResult byStatus(int status, @Nullable Duration retryAfter) {
        if (status >= 200 && status < 300) {
            // Taken over, in words that the SDK could not read.
            return new Accepted(UNKNOWN);
        }
        return switch (status) {
            case 401, 403 -> new CredentialsRefused("http_" + status, true);
            case 429 -> TryAgain.patience("http_429", retryAfter == null ? QUOTA_WAIT : retryAfter);
            case 408 -> TryAgain.outage("http_408", retryAfter);
            default ->
                    status >= 500
                            ? TryAgain.outage("http_" + status, retryAfter)
                            : Rejected.push("http_" + status);
        };
    }

    /** Whether an invalid argument is the key itself, which then will never be valid. */
    private static boolean isAboutTheAddress(JsonNode content) {
        var error = content.path("error");
        if (error.path("message").asString("").contains(INVALID_TOKEN)) {
            return true;
        }
        for (var detail : error.path("details")) {
            for (var violation : detail.path("fieldViolations")) {
                if (ADDRESS_FIELDS.contains(violation.path("field").asString(""))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static JsonNode json(@Nullable String content) {
        try {
            return content == null ? JSON.createObjectNode() : JSON.readTree(content);
        } catch (JacksonException notJson) {
            return JSON.createObjectNode();
        }
    }

    private static @Nullable String header(Map<String, Object> headers, String name) {
        for (var header : headers.entrySet()) {
            if (header.getKey().equalsIgnoreCase(name)) {
                return header.getValue() instanceof List<?> values && !values.isEmpty()
                        ? String.valueOf(values.getFirst())
                        : String.valueOf(header.getValue());
            }
        }
        return null;
    }
}
