package nod.dispatcher.fcm;

import com.google.api.client.json.JsonFactory;
import com.google.firebase.messaging.AndroidConfig;
import com.google.firebase.messaging.AndroidNotification;
import com.google.firebase.messaging.ApnsConfig;
import com.google.firebase.messaging.Aps;
import com.google.firebase.messaging.Message;
import com.google.firebase.messaging.Notification;

import nod.dispatcher.push.DeviceAdded;
import nod.dispatcher.push.MobilePrompt;
import nod.dispatcher.push.PromptSealing;
import nod.dispatcher.push.PromptShortening;
import nod.dispatcher.push.PromptToSeal;
import nod.dispatcher.push.Push;
import nod.dispatcher.push.PushAddress;
import nod.dispatcher.push.PushAddress.ApnsDeviceToken;
import nod.dispatcher.push.PushAddress.FcmRegistrationToken;
import nod.dispatcher.push.PushAddress.FirebaseInstallationId;
import nod.dispatcher.push.SealedPrompt;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Builds FCM's messages. Pure: the same push makes the same message, but for what is sealed.
 *
 * <p>FCM takes 4096 bytes and does not say which. What is counted here is the UTF-8 of the whole
 * message as JSON, without its address: never less than FCM counts (keys and values of the data,
 * the notification), nor than what Apple counts for a phone behind FCM (the alert, the data and
 * some 130 bytes that FCM adds, which the Android block outweighs). A push that is a little shorter
 * than it might be still arrives, one that is too long does not.
 */
final class FcmMessages {

    /** FCM's limit for a message. */
    static final int LIMIT = 4096;

    static final String CATEGORY = "cat_authentik_push_authorization";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Stands in for the address while a message is measured, which must have one. */
    private static final PushAddress NOBODY = new FirebaseInstallationId("-");

    private static final int NOBODYS_BYTES = "\"fid\":\"-\",".length();

    /** What a message has beside its data and its notification's texts: less than 600 bytes. */
    private static final int WITHOUT_TEXTS = 1024;

    private final JsonFactory firebaseJson;
    private final PromptSealing sealing;

    /**
     * @param firebaseJson what the SDK writes its requests with
     */
    FcmMessages(JsonFactory firebaseJson, PromptSealing sealing) {
        this.firebaseJson = firebaseJson;
        this.sealing = sealing;
    }

    /**
     * The message of this push; a prompt is shortened to {@link #LIMIT}.
     *
     * @return nothing where it can't be sealed for its phone
     */
    Optional<Message> of(Push push) {
        var address = push.address();
        var left = push.left();
        return switch (push.content()) {
            case MobilePrompt prompt ->
                    Optional.of(message(address, shortened(prompt, left), left));
            case PromptToSeal secret ->
                    sealing.seal(shortened(secret, left))
                            .map(prompt -> message(address, prompt, left));
            case DeviceAdded added -> Optional.of(message(address, added, left));
        };
    }

    private MobilePrompt shortened(MobilePrompt prompt, Duration left) {
        if (atMost(prompt) <= LIMIT) {
            return prompt;
        }
        return PromptShortening.toFit(prompt, LIMIT, shorter -> size(shorter, left));
    }

    private PromptToSeal shortened(PromptToSeal secret, Duration left) {
        return secret.toFit(LIMIT, prompt -> size(message(NOBODY, prompt, left)));
    }

    /**
     * No less than {@link #size}, without writing the message, which takes longer than all else
     * here: nearly every prompt is far from the limit.
     */
    static int atMost(MobilePrompt prompt) {
        int texts = data(prompt).values().stream().mapToInt(FcmMessages::jsonAtMost).sum();
        return WITHOUT_TEXTS + texts + jsonAtMost(prompt.title()) + jsonAtMost(prompt.body());
    }

    /** An escape has six bytes, UTF-8 no more than three for a unit of UTF-16. */
    private static int jsonAtMost(String text) {
        return text.chars().map(unit -> isOneByte(unit) ? 1 : 6).sum();
    }

    /** Not what JSON escapes, nor what Gson escapes for HTML's sake. */
    private static boolean isOneByte(int unit) {
        return unit >= ' ' && unit < 0x7f && "\"\\<>&='".indexOf(unit) < 0;
    }

    /** The bytes that count towards the limit. */
    int size(MobilePrompt prompt, Duration left) {
        return size(message(NOBODY, prompt, left));
    }

    private int size(Message toNobody) {
        try {
            var json = firebaseJson.toByteArray(toNobody);
            return json.length - NOBODYS_BYTES;
        } catch (IOException impossible) {
            throw new UncheckedIOException("written to memory", impossible);
        }
    }

    private static Message message(PushAddress address, MobilePrompt prompt, Duration left) {
        var message =
                asking(prompt.txId(), prompt.expires(), left, aps())
                        .putAllData(data(prompt))
                        .setNotification(notification(prompt.title(), prompt.body()));
        return addressed(message, address);
    }

    /** Only an extension of an iOS app can open it before it is shown, if it is let to. */
    private static Message message(PushAddress address, SealedPrompt sealed, Duration left) {
        var message =
                asking(sealed.txId(), sealed.expires(), left, aps().setMutableContent(true))
                        .putAllData(data(sealed))
                        .setNotification(notification(SealedPrompt.TITLE, null));
        return addressed(message, address);
    }

    private static Message.Builder asking(
            UUID txId, Instant expires, Duration left, Aps.Builder aps) {
        var tag = txId.toString();
        return Message.builder()
                .setAndroidConfig(android(AndroidConfig.Priority.HIGH, tag, left))
                .setApnsConfig(apns("10", expires, tag).setAps(aps.build()).build());
    }

    /** Shown when the phone likes, for nobody waits for it. */
    private static Message message(PushAddress address, DeviceAdded added, Duration left) {
        var tag = added.added().toString();
        var message =
                Message.builder()
                        .setNotification(notification(added.title(), added.body()))
                        .setAndroidConfig(android(AndroidConfig.Priority.NORMAL, tag, left))
                        .setApnsConfig(
                                apns("5", added.expires(), tag)
                                        .setAps(Aps.builder().setSound("default").build())
                                        .build());
        return addressed(message, address);
    }

    private static Notification notification(String title, @Nullable String body) {
        return Notification.builder().setTitle(title).setBody(body).build();
    }

    /** A registration token is still the only address of phones with an older Firebase SDK. */
    @SuppressWarnings("deprecation")
    private static Message addressed(Message.Builder message, PushAddress address) {
        switch (address) {
            case FcmRegistrationToken(var token) -> message.setToken(token);
            case FirebaseInstallationId(var id) -> message.setFid(id);
            case ApnsDeviceToken _ ->
                    throw new IllegalArgumentException(
                            "address: an APNs device token, expected FCM's");
        }
        return message.build();
    }

    /** One string per field; lists and objects as JSON text. */
    static Map<String, String> data(MobilePrompt prompt) {
        var data = new LinkedHashMap<String, String>();
        data.put("tx_id", prompt.txId().toString());
        data.put("device", prompt.device().toString());
        data.put("title", prompt.title());
        data.put("body", prompt.body());
        data.put("mode", prompt.mode().text());
        data.put("items", JSON.writeValueAsString(prompt.items()));
        data.put("context", JSON.writeValueAsString(prompt.context()));
        data.put("expires", prompt.expires().toString());
        return data;
    }

    private static Map<String, String> data(SealedPrompt sealed) {
        var data = new LinkedHashMap<String, String>();
        data.put("tx_id", sealed.txId().toString());
        data.put("device", sealed.device().toString());
        data.put("expires", sealed.expires().toString());
        data.put("sealed", sealed.sealed());
        return data;
    }

    /** Whole seconds: a push may end a little early, never after what it speaks of. */
    private static AndroidConfig android(
            AndroidConfig.Priority priority, String tag, Duration left) {
        return AndroidConfig.builder()
                .setPriority(priority)
                .setTtl(Duration.ofSeconds(left.toSeconds()).toMillis())
                .setCollapseKey(tag)
                .setNotification(AndroidNotification.builder().setTag(tag).build())
                .build();
    }

    /** For iOS behind FCM, which adds the alert from the notification. */
    private static ApnsConfig.Builder apns(String priority, Instant expires, String collapseId) {
        return ApnsConfig.builder()
                .putHeader("apns-push-type", "alert")
                .putHeader("apns-priority", priority)
                .putHeader("apns-expiration", Long.toString(expires.getEpochSecond()))
                .putHeader("apns-collapse-id", collapseId);
    }

    private static Aps.Builder aps() {
        return Aps.builder()
                .setSound("default")
                .setCategory(CATEGORY)
                .putCustomData("interruption-level", "time-sensitive");
    }
}
