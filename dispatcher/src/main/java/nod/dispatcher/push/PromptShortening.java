package nod.dispatcher.push;

import nod.schemas.event.TransactionContext;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Makes a prompt fit into a push. What a login is approved by comes last: the body goes first, then
 * the context, from what helps the least (the user agent) to what helps the most (the address), and
 * only then the title. Nothing else is touched; the phone can still fetch the prompt whole.
 */
public final class PromptShortening {

    private static final String ELLIPSIS = "…";

    private static final List<Part> PARTS =
            List.of(
                    new Part(MobilePrompt::body, (of, text) -> of.withBody(orEmpty(text))),
                    context(TransactionContext::userAgent, PromptShortening::withUserAgent),
                    context(TransactionContext::location, PromptShortening::withLocation),
                    context(TransactionContext::domain, PromptShortening::withDomain),
                    context(TransactionContext::application, PromptShortening::withApplication),
                    context(TransactionContext::clientIp, PromptShortening::withClientIp),
                    new Part(MobilePrompt::title, (of, text) -> of.withTitle(orEmpty(text))));

    /** One text that may be shortened; set to null when nothing of it fits. */
    private record Part(
            Function<MobilePrompt, @Nullable String> get,
            BiFunction<MobilePrompt, @Nullable String, MobilePrompt> with) {}

    private PromptShortening() {}

    /**
     * The prompt, shortened as little as needed, never inside a code point.
     *
     * @param limit what {@code size} of the result may be
     * @param size the size of the push that a prompt makes; grows with each of its texts
     * @throws IllegalArgumentException when not even an empty prompt fits
     */
    public static MobilePrompt toFit(
            MobilePrompt prompt, int limit, ToIntFunction<MobilePrompt> size) {
        var fitting = prompt;
        for (var part : PARTS) {
            if (size.applyAsInt(fitting) <= limit) {
                return fitting;
            }
            fitting = shortened(fitting, part, limit, size);
        }
        if (size.applyAsInt(fitting) > limit) {
            throw new IllegalArgumentException(
                    "an empty prompt takes %d bytes, expected at most %d"
                            .formatted(size.applyAsInt(fitting), limit));
        }
        return fitting;
    }

    /** The longest beginning of the part that fits, or the prompt without it. */
    private static MobilePrompt shortened(
            MobilePrompt prompt, Part part, int limit, ToIntFunction<MobilePrompt> size) {
        var text = part.get().apply(prompt);
        if (text == null) {
            return prompt;
        }
        int kept = 0;
        int tooMuch = text.codePointCount(0, text.length());
        while (kept + 1 < tooMuch) {
            int middle = (kept + tooMuch) >>> 1;
            if (size.applyAsInt(part.with().apply(prompt, begin(text, middle))) <= limit) {
                kept = middle;
            } else {
                tooMuch = middle;
            }
        }
        return part.with().apply(prompt, kept == 0 ? null : begin(text, kept));
    }

    private static String begin(String text, int codePoints) {
        return text.substring(0, text.offsetByCodePoints(0, codePoints)).stripTrailing() + ELLIPSIS;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Part context(
            Function<TransactionContext, @Nullable String> get,
            BiFunction<TransactionContext, @Nullable String, TransactionContext> with) {
        return new Part(
                prompt -> get.apply(prompt.context()),
                (prompt, text) -> prompt.withContext(with.apply(prompt.context(), text)));
    }

    private static TransactionContext withUserAgent(
            TransactionContext of, @Nullable String userAgent) {
        return new TransactionContext(
                of.application(), of.domain(), of.clientIp(), userAgent, of.location());
    }

    private static TransactionContext withLocation(
            TransactionContext of, @Nullable String location) {
        return new TransactionContext(
                of.application(), of.domain(), of.clientIp(), of.userAgent(), location);
    }

    private static TransactionContext withDomain(TransactionContext of, @Nullable String domain) {
        return new TransactionContext(
                of.application(), domain, of.clientIp(), of.userAgent(), of.location());
    }

    private static TransactionContext withApplication(
            TransactionContext of, @Nullable String application) {
        return new TransactionContext(
                application, of.domain(), of.clientIp(), of.userAgent(), of.location());
    }

    private static TransactionContext withClientIp(
            TransactionContext of, @Nullable String clientIp) {
        return new TransactionContext(
                of.application(), of.domain(), clientIp, of.userAgent(), of.location());
    }
}
