package nod.dispatcher.push;

import nod.schemas.event.ItemMode;
import nod.schemas.event.TransactionContext;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Prompts for tests. */
public final class Prompts {

    public static final UUID TX = UUID.fromString("0b1b0c3e-6f0e-4e6e-9d5e-1d1f3f1c0a01");
    public static final UUID DEVICE = UUID.fromString("7d9f4a4c-2f57-4b1c-8a53-0d8b6a1f2b02");
    public static final Instant EXPIRES = Instant.parse("2026-03-01T12:01:00.123456Z");

    private Prompts() {}

    public static MobilePrompt small() {
        return with("Sign-in request", "Approve?", TransactionContext.EMPTY);
    }

    public static MobilePrompt with(String title, String body, TransactionContext context) {
        return new MobilePrompt(
                TX,
                DEVICE,
                title,
                body,
                ItemMode.NUMBER_MATCHING_2,
                List.of("12", "34", "56"),
                context,
                EXPIRES);
    }

    /** The prompt for a phone whose pushes are sealed for that key. */
    public static PromptToSeal secret(MobilePrompt prompt, byte[] publicKey) {
        return new PromptToSeal(prompt, EncryptionKey.of(publicKey));
    }

    /** Every text as long as the contract lets it be, made of this character. */
    public static MobilePrompt longest(String character) {
        return with(
                character.repeat(255),
                character.repeat(1024),
                new TransactionContext(
                        character.repeat(255),
                        character.repeat(255),
                        character.repeat(45),
                        character.repeat(512),
                        character.repeat(255)));
    }
}
