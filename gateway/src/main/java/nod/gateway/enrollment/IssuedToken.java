package nod.gateway.enrollment;

/**
 * What a phone is told when it has enrolled. Never prints the token.
 *
 * @param token the device token
 */
record IssuedToken(String token) {

    @Override
    public String toString() {
        return "IssuedToken[REDACTED]";
    }
}
