package nod.dispatcher.fcm;

import com.google.firebase.messaging.Message;

import nod.dispatcher.push.PushResult;

import reactor.core.publisher.Mono;

import java.io.IOException;

/** How FCM is spoken to. Thread-safe. */
interface FcmClient extends AutoCloseable {

    /**
     * Sends one message, once; nothing is sent before the subscription. Never blocks the caller,
     * and has no time of its own: who no longer waits cancels, which takes the request back.
     *
     * @return what FCM says, or that it could not be asked; an error is a bug
     */
    Mono<PushResult> send(Message message);

    /** As {@link #send}, but FCM only looks whether it would take the message: nobody gets it. */
    Mono<PushResult> validate(Message message);

    /** Pushes in flight fail. */
    @Override
    void close() throws IOException;
}
