package nod.standalone.secrecy;

import tools.jackson.databind.json.JsonMapper;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds secrets in texts: any twelve characters on end of a secret, as it is, in other letters'
 * case, in hex, escaped for JSON or for a URL, or in base64 or base64url, wherever in the encoded
 * bytes it began.
 */
final class Needles {

    /** So many characters of 64 different ones stand in no text by chance. */
    static final int LENGTH = 12;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int EXCERPT = 160;

    /** A shift of the window by one takes away so many times the first character. */
    private static final int LEAVING = power(31, LENGTH);

    private final Map<String, String> names = new HashMap<>();

    /** By the upper bits of a window's hash: most windows of a text are no needle. */
    private final BitSet hashes = new BitSet(1 << 24);

    /**
     * @param secret at least twelve characters
     */
    void add(String name, String secret) {
        if (secret.length() < LENGTH) {
            throw new IllegalArgumentException(
                    "%s: %d characters, expected at least %d"
                            .formatted(name, secret.length(), LENGTH));
        }
        forms(secret).forEach(form -> addWindows(name, form));
    }

    private void addWindows(String name, String form) {
        for (int from = 0; from + LENGTH <= form.length(); from++) {
            var window = form.substring(from, from + LENGTH);
            names.put(window, name);
            hashes.set(window.hashCode() >>> 8);
        }
    }

    private static List<String> forms(String secret) {
        var bytes = secret.getBytes(StandardCharsets.UTF_8);
        var forms = new ArrayList<String>();
        forms.add(secret);
        forms.add(secret.toLowerCase(Locale.ROOT));
        forms.add(secret.toUpperCase(Locale.ROOT));
        var quoted = JSON.writeValueAsString(secret);
        forms.add(quoted.substring(1, quoted.length() - 1));
        forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
        forms.add(HexFormat.of().formatHex(bytes));
        forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
        for (int before = 0; before < 3; before++) {
            forms.add(base64(Base64.getEncoder(), bytes, before));
            forms.add(base64(Base64.getUrlEncoder(), bytes, before));
        }
        return forms;
    }

    /** What is sure of the base64 of these bytes behind so many others. */
    private static String base64(Base64.Encoder encoder, byte[] bytes, int before) {
        var all = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, all, before, bytes.length);
        var text = encoder.withoutPadding().encodeToString(all);
        var first = (before * 8 + 5) / 6;
        var last = all.length * 8 / 6;
        return text.substring(first, last);
    }

    /** The names of the secrets that the text holds, each with what stands around it. */
    Map<String, String> in(String text) {
        var found = new TreeMap<String, String>();
        int hash = 0;
        for (int end = 1; end <= text.length(); end++) {
            hash = 31 * hash + text.charAt(end - 1);
            int from = end - LENGTH;
            if (from > 0) {
                hash -= LEAVING * text.charAt(from - 1);
            }
            if (from >= 0 && hashes.get(hash >>> 8)) {
                look(text, from, found);
            }
        }
        return found;
    }

    private void look(String text, int from, Map<String, String> found) {
        var name = names.get(text.substring(from, from + LENGTH));
        if (name != null) {
            found.putIfAbsent(name, around(text, from));
        }
    }

    /** The head of its line, which names the logger, and what stands next to it. */
    private static String around(String text, int at) {
        var line = text.lastIndexOf('\n', at) + 1;
        var from = Math.max(line, at - EXCERPT);
        var near = text.substring(from, Math.min(text.length(), at + EXCERPT));
        return from == line
                ? near
                : text.substring(line, Math.min(from, line + EXCERPT)) + "..." + near;
    }

    private static int power(int base, int exponent) {
        int power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= base;
        }
        return power;
    }
}
