package nod.dispatcher.settings;

import org.jspecify.annotations.Nullable;

/** A setting that a start cannot go on with. */
public final class InvalidSettingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String key;
    private final @Nullable String value;
    private final String expected;

    /**
     * @param value what was given; never a secret; null where nothing was
     * @param expected what would be right
     */
    public InvalidSettingException(String key, @Nullable Object value, String expected) {
        super("%s: %s, expected %s".formatted(key, value == null ? "absent" : value, expected));
        this.key = key;
        this.value = value == null ? null : value.toString();
        this.expected = expected;
    }

    String key() {
        return key;
    }

    @Nullable String value() {
        return value;
    }

    String expected() {
        return expected;
    }
}
