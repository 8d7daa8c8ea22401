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
     * @param actor the API key by its name, or the client of a JWT
     */
    record Deployment(Actor actor) implements Caller {

        /** By the API key of that name. */
        public static Deployment byApiKey(String name) {
            return new Deployment(new Actor(Actor.Kind.API_KEY, name));
        }

        /** By a JWT that was issued to that client. */
        public static Deployment byJwt(String client) {
            return new Deployment(new Actor(Actor.Kind.CLIENT, client));
        }
    }

    /**
     * A user of authentik, by a JWT: the own devices and nothing else.
     *
     * @param user the JWT's subject, which is the devices' user
     */
    record Owner(String user) implements Caller {

        @Override
        public Actor actor() {
            return new Actor(Actor.Kind.USER, user);
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
