package nod.gateway.security;

/** Why a credential was refused; the message is the one that the caller is told. */
public final class CredentialFailure extends RuntimeException {

    private final boolean good;

    private CredentialFailure(String message) {
        this(message, false);
    }

    private CredentialFailure(String message, boolean good) {
        super(message, null, false, false);
        this.good = good;
    }

    static CredentialFailure notProvided() {
        return new CredentialFailure("Authentication credentials were not provided.");
    }

    static CredentialFailure unsupportedScheme() {
        return new CredentialFailure("Unsupported authentication type");
    }

    /** An enrollment token that has enrolled its phone already. */
    public static CredentialFailure spent() {
        return invalid();
    }

    /** An unknown, expired, revoked or forged credential. */
    public static CredentialFailure invalid() {
        return new CredentialFailure("Token invalid/expired");
    }

    /** A good credential for something that it may not do. */
    public static CredentialFailure noPermission() {
        return new CredentialFailure("You do not have permission to perform this action.", true);
    }

    /** A phone's good token, but not by the phone: its proof is missing or wrong. */
    public static CredentialFailure invalidProof() {
        return new CredentialFailure("Invalid DPoP proof.", true);
    }

    /** Whether somebody's good credential was refused: who brings one guesses nothing. */
    public boolean isOfAGoodCredential() {
        return good;
    }
}
