package nod.gateway.security;

/** Whose devices a caller may see and change. */
public sealed interface Reach {

    /** The whole registry. */
    Reach EVERYBODY = new Everybody();

    /** Whether the devices of this user are among them. */
    boolean covers(String user);

    /** Every user's devices. */
    record Everybody() implements Reach {

        @Override
        public boolean covers(String user) {
            return true;
        }
    }

    /**
     * The devices of one user.
     *
     * @param user authentik's identifier
     */
    record OneUser(String user) implements Reach {

        @Override
        public boolean covers(String other) {
            return user.equals(other);
        }
    }
}
