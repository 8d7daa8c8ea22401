package nod.standalone.secrecy;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The secrets of the run, by names. Not one of them is a secret of anything else. */
final class Canaries {

    private final SecureRandom random = new SecureRandom();
    private final Needles needles = new Needles();
    private final Set<String> names = new TreeSet<>();

    /** Keeps a secret that somebody else made; returns it. */
    String keep(String name, String secret) {
        names.add(name);
        needles.add(name, secret);
        return secret;
    }

    /** Keeps what is secret of a JWT: all but its header. */
    String keepJwt(String name, String jwt) {
        keep(name, jwt.substring(jwt.indexOf('.') + 1));
        return jwt;
    }

    /**
     * Keeps what is secret of a private key.
     *
     * @param pem a PEM file's text
     * @param known how many characters of its base64 every key of its kind begins with, or can be
     *     had from its public half
     */
    void keepPrivateKey(String name, String pem, int known) {
        var base64 = pem.replaceAll("-----[A-Z ]+-----|\\s", "");
        keep(name, base64.substring(known));
    }

    /** A new secret, as the gateway makes tokens. */
    String token(String name) {
        return keep(name, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(32)));
    }

    /** A new push key, as FCM gives them out. */
    String fcmKey(String name) {
        var encoder = Base64.getUrlEncoder().withoutPadding();
        return keep(
                name,
                encoder.encodeToString(bytes(16)) + ":APA91b" + encoder.encodeToString(bytes(100)));
    }

    /** A new push key, as APNs gives them out. */
    String apnsKey(String name) {
        return keep(name, HexFormat.of().formatHex(bytes(32)));
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    Set<String> names() {
        return Set.copyOf(names);
    }

    /** The names of those that the text holds, each with what stands around it. */
    Map<String, String> in(String text) {
        return needles.in(text);
    }
}
