package nod.dispatcher.push;

import nod.schemas.event.Provider;

import reactor.core.publisher.Mono;

/** A provider of pushes. Thread-safe. */
public interface PushSender {

    /** Which one. */
    Provider provider();

    /**
     * Gets what the first push would have to wait for, as an access token and connections: no phone
     * notices. Nothing is done before the subscription.
     *
     * @return nothing where it is there, or can't be got before a push; else why it isn't, after
     *     the sender's own timeout at the latest. An error is a bug
     */
    default Mono<PushResult> prepare() {
        return Mono.empty();
    }

    /**
     * Sends one push, once; nothing is sent before the subscription. Never blocks the caller.
     *
     * @param push one whose address is {@link #provider()}'s
     * @return what became of it, after the sender's own timeout or what is left of the push's time
     *     at the latest. An answer, also a bad one, is a value; an error is a bug. Cancelling ends
     *     the wait, not the push
     */
    Mono<PushResult> send(Push push);

    /**
     * Sends one push as {@link #send(Push)} does, where pushes may have to wait for each other: one
     * whose turn comes late is sent only if it is still wanted as it is.
     *
     * @param stillWanted one word, looked up anew by each subscription; an error counts as no
     * @return what became of it; nothing where it was not wanted any more, and so not sent
     */
    default Mono<PushResult> send(Push push, Mono<Boolean> stillWanted) {
        return send(push);
    }
}
