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
import nod.dispatcher.push.PromptShortening;
import nod.dispatcher.push.Push;
import nod.dispatcher.push.PushAddress;
import nod.dispatcher.push.PushAddress.ApnsDeviceToken;
import nod.dispatcher.push.PushAddress.FcmRegistrationToken;
import nod.dispatcher.push.PushAddress.FirebaseInstallationId;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Builds FCM's messages. Pure: the same push makes the same message.
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

    private final JsonFactory firebaseJson;

    /**
     * @param firebaseJson what the SDK writes its requests with
     */
    FcmMessages(JsonFactory firebaseJson) {
        this.firebaseJson = firebaseJson;
    }

    /** The message of this push; a prompt is shortened to {@link #LIMIT}. */
    Message of(Push push) {
        return switch (push.content()) {
            case MobilePrompt prompt ->
                    message(push.address(), shortened(prompt, push.left()), push.left());
            case DeviceAdded added -> message(push.address(), added, push.left());
        };
    }

    private MobilePrompt shortened(MobilePrompt prompt, Duration left) {
        return PromptShortening.toFit(prompt, LIMIT, shorter -> size(shorter, left));
    }

    /** The bytes that count towards the limit. */
    int size(MobilePrompt prompt, Duration left) {
        try {
            var json = firebaseJson.toByteArray(message(NOBODY, prompt, left));
            return json.length - NOBODYS_BYTES;
        } catch (IOException impossible) {
            throw new UncheckedIOException("written to memory", impossible);
        }
    }

    private static Message message(PushAddress address, MobilePrompt prompt, Duration left) {
        var tag = prompt.txId().toString();
        var message =
                Message.builder()
                        .putAllData(data(prompt))
                        .setNotification(
                                Notification.builder()
                                        .setTitle(prompt.title())
                                        .setBody(prompt.body())
                                        .build())
                        .setAndroidConfig(android(AndroidConfig.Priority.HIGH, tag, left))
                        .setApnsConfig(apns("10", prompt.expires(), tag).setAps(aps()).build());
        address(message, address);
        return message.build();
    }

    /** Shown when the phone likes, for nobody waits for it. */
    private static Message message(PushAddress address, DeviceAdded added, Duration left) {
        var tag = added.added().toString();
        var message =
                Message.builder()
                        .setNotification(
                                Notification.builder()
                                        .setTitle(added.title())
                                        .setBody(added.body())
                                        .build())
                        .setAndroidConfig(android(AndroidConfig.Priority.NORMAL, tag, left))
                        .setApnsConfig(
                                apns("5", added.expires(), tag)
                                        .setAps(Aps.builder().setSound("default").build())
                                        .build());
        address(message, address);
        return message.build();
    }

    /** A registration token is still the only address of phones with an older Firebase SDK. */
    @SuppressWarnings("deprecation")
    private static void address(Message.Builder message, PushAddress address) {
        switch (address) {
            case FcmRegistrationToken(var token) -> message.setToken(token);
            case FirebaseInstallationId(var id) -> message.setFid(id);
            case ApnsDeviceToken _ ->
                    throw new IllegalArgumentException(
                            "address: an APNs device token, expected FCM's");
        }
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

    private static Aps aps() {
        return Aps.builder()
                .setSound("default")
                .setCategory(CATEGORY)
                .putCustomData("interruption-level", "time-sensitive")
                .build();
    }
}
