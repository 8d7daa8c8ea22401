package nod.messaging.consume;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Makes one line of text out of whatever a record holds. It can't steer a terminal. Pure. */
public final class Printable {

    private static final String ABSENT = "-";

    private Printable() {}

    /**
     * UTF-8 as it is, but for what can't be seen, as {@code \u001b}; anything else byte by byte, as
     * {@code \xff} where it is no ASCII.
     */
    public static String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            return ABSENT;
        }
        try {
            return text(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException binary) {
            return escaped(bytes);
        }
    }

    /** Nothing is what it is without: a control character, a change of direction, a line's end. */
    public static String text(String text) {
        var line = new StringBuilder();
        text.codePoints().forEach(each -> append(line, each));
        return line.toString();
    }

    private static void append(StringBuilder line, int codePoint) {
        if (isVisible(codePoint)) {
            line.appendCodePoint(codePoint);
            return;
        }
        for (var unit : Character.toChars(codePoint)) {
            line.append("\\u%04x".formatted((int) unit));
        }
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    false;
            default -> true;
        };
    }

    private static String escaped(byte[] bytes) {
        var line = new StringBuilder();
        for (var each : bytes) {
            if (each >= ' ' && each <= '~') {
                line.append((char) each);
            } else {
                line.append("\\x%02x".formatted(each));
            }
        }
        return line.toString();
    }
}
