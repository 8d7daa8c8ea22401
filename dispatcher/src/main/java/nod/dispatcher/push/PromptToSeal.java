package nod.dispatcher.push;

import java.util.function.ToIntFunction;

/**
 * A prompt for a phone that gave an encryption key: nobody between us and the phone may read it, so
 * that it is sent as a {@link SealedPrompt} or not at all.
 */
public record PromptToSeal(MobilePrompt prompt, EncryptionKey key) implements PushContent {

    /**
     * The prompt, shortened as little as needed. Nothing is sealed meanwhile, for what comes of it
     * is as long whatever it says.
     *
     * @param limit what {@code size} of the sealed prompt may be
     * @param size the size of the push that a sealed prompt makes
     * @throws IllegalArgumentException when not even an empty prompt fits
     */
    public PromptToSeal toFit(int limit, ToIntFunction<SealedPrompt> size) {
        var fitting =
                PromptShortening.toFit(
                        prompt, limit, shorter -> size.applyAsInt(SealedPrompt.blank(shorter)));
        return new PromptToSeal(fitting, key);
    }
}
