package nod.standalone.host;

import org.jspecify.annotations.Nullable;

/**
 * The start ended for a reason that the person at the keyboard can mend.
 *
 * <p>The message is one whole sentence, meant to be shown alone: what is wrong, and what to change.
 */
public final class StartRefusedException extends RuntimeException {
    private final String sentence;

    public StartRefusedException(String sentence) {
        this(sentence, null);
    }

    public StartRefusedException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.sentence = sentence;
    }

    /** The same as the message, which is never null here. */
    public String sentence() {
        return sentence;
    }
}
