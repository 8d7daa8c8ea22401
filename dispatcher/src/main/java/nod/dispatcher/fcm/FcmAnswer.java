package nod.dispatcher.fcm;

import org.jspecify.annotations.Nullable;

/**
 * What came back from FCM.
 *
 * @param retryAfter the header of that name
 * @param body as much of it as was read
 */
record FcmAnswer(int status, @Nullable String retryAfter, String body) {

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}
