package nod.gateway.security;

import nod.schemas.event.Actor;

import java.util.UUID;

/** Whoever a request's credential stands for. */
public sealed interface Caller {

    /** How the caller is named in events. */
    Actor actor();

    /**
     * The deployment itself: all devices, and transactions.
     *
     * @param keyName the API key's name
     */
    record Deployment(String keyName) implements Caller {

        @Override
        public Actor actor() {
            return new Actor(Actor.Kind.API_KEY, keyName);
        }
    }

    /**
     * A phone, by a token that is bound to its device.
     *
     * @param device the device's pk
     * @param token the token's id, never the token
     */
    record Phone(UUID device, UUID token) implements Caller {

        @Override
        public Actor actor() {
            return new Actor(Actor.Kind.DEVICE, device.toString());
        }
    }

    /** Somebody who was not asked for a credential. */
    record Anyone() implements Caller {

        /** Never asked for: what anyone may do changes nothing. */
        @Override
        public Actor actor() {
            throw new IllegalStateException("a caller without a credential acts for nobody");
        }
    }
}
