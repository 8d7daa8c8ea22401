package nod.gateway.device;

/** What is known of push keys whatever their provider. */
public final class PushKey {

    /** FCM promises no length; its registration tokens are well below this. */
    public static final int MAX_LENGTH = 4096;

    private PushKey() {}
}
