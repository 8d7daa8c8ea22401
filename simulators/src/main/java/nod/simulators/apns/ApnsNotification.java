package nod.simulators.apns;

import nod.simulators.fault.ApnsReason;
import nod.simulators.wire.WireRequest;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A request for a notification, and APNs' rules for it. */
record ApnsNotification(WireRequest request) {

    /** Bytes of payload; calls may have more. */
    static final int LIMIT = 4096;

    static final int LIMIT_OF_CALLS = 5120;

    private static final String PATH = "/3/device/";
    // Apple calls the length variable; 32 bytes are today's, 100 the most that was announced.
    private static final Pattern DEVICE_TOKEN = Pattern.compile("([0-9a-fA-F]{2}){32,100}");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9.-]{1,255}");
    private static final Pattern EXPIRATION = Pattern.compile("-?\\d{1,18}");
    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Set<String> PRIORITIES = Set.of("1", "5", "10");
    private static final int COLLAPSE_ID_LIMIT = 64;
    private static final Set<String> PUSH_TYPES =
            Set.of(
                    "alert",
                    "background",
                    "complication",
                    "controls",
                    "fileprovider",
                    "liveactivity",
                    "location",
                    "mdm",
                    "pushtotalk",
                    "voip",
                    "widgets");

    /** The device token, or nothing where the path is another one. */
    Optional<String> deviceToken() {
        return request.path().startsWith(PATH)
                ? Optional.of(request.path().substring(PATH.length()))
                : Optional.empty();
    }

    /** The id that the sender gave, if it gave a good one. */
    Optional<String> id() {
        return Optional.ofNullable(header("apns-id")).filter(id -> ID.matcher(id).matches());
    }

    /** What is wrong with method and path, which APNs looks at before anything else. */
    Optional<ApnsReason> misdirected() {
        if (!request.method().equals("POST")) {
            return Optional.of(ApnsReason.METHOD_NOT_ALLOWED);
        }
        return unless(deviceToken().isPresent(), ApnsReason.BAD_PATH);
    }

    /** The first rule that it breaks, credentials apart. */
    Optional<ApnsReason> violation(String knownTopic) {
        return Stream.of(
                        token(),
                        topic(knownTopic),
                        unless(absentOr(ID, "apns-id"), ApnsReason.BAD_MESSAGE_ID),
                        unless(
                                absentOr(EXPIRATION, "apns-expiration"),
                                ApnsReason.BAD_EXPIRATION_DATE),
                        priority(),
                        pushType(),
                        collapseId(),
                        payload())
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<ApnsReason> token() {
        String token = deviceToken().orElse("");
        return token.isEmpty()
                ? Optional.of(ApnsReason.MISSING_DEVICE_TOKEN)
                : unless(DEVICE_TOKEN.matcher(token).matches(), ApnsReason.BAD_DEVICE_TOKEN);
    }

    private Optional<ApnsReason> topic(String known) {
        String topic = header("apns-topic");
        if (topic == null) {
            return Optional.of(ApnsReason.MISSING_TOPIC);
        }
        return TOPIC.matcher(topic).matches()
                ? unless(topic.equals(known), ApnsReason.TOPIC_DISALLOWED)
                : Optional.of(ApnsReason.BAD_TOPIC);
    }

    private Optional<ApnsReason> priority() {
        String priority = header("apns-priority");
        boolean background = "background".equals(header("apns-push-type"));
        boolean known = priority == null || PRIORITIES.contains(priority);
        return unless(known && !(background && "10".equals(priority)), ApnsReason.BAD_PRIORITY);
    }

    private Optional<ApnsReason> pushType() {
        String type = header("apns-push-type");
        return unless(type == null || PUSH_TYPES.contains(type), ApnsReason.INVALID_PUSH_TYPE);
    }

    private Optional<ApnsReason> collapseId() {
        String id = header("apns-collapse-id");
        return unless(
                id == null || id.getBytes(StandardCharsets.UTF_8).length <= COLLAPSE_ID_LIMIT,
                ApnsReason.BAD_COLLAPSE_ID);
    }

    private Optional<ApnsReason> payload() {
        int limit = "voip".equals(header("apns-push-type")) ? LIMIT_OF_CALLS : LIMIT;
        if (request.body().length == 0) {
            return Optional.of(ApnsReason.PAYLOAD_EMPTY);
        }
        return unless(request.body().length <= limit, ApnsReason.PAYLOAD_TOO_LARGE);
    }

    private boolean absentOr(Pattern pattern, String header) {
        String value = header(header);
        return value == null || pattern.matcher(value).matches();
    }

    private @Nullable String header(String name) {
        return request.header(name);
    }

    private static Optional<ApnsReason> unless(boolean good, ApnsReason reason) {
        return good ? Optional.empty() : Optional.of(reason);
    }
}
