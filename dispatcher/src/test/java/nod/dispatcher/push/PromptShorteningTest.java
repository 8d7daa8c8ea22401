package nod.dispatcher.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.schemas.event.TransactionContext;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

class PromptShorteningTest {

    /** The texts alone, in bytes. */
    private static final ToIntFunction<MobilePrompt> BYTES =
            prompt ->
                    Stream.of(
                                    prompt.title(),
                                    prompt.body(),
                                    prompt.context().application(),
                                    prompt.context().domain(),
                                    prompt.context().clientIp(),
                                    prompt.context().userAgent(),
                                    prompt.context().location())
                            .filter(Objects::nonNull)
                            .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length)
                            .sum();

    private static final TransactionContext CONTEXT =
            new TransactionContext("app", "dom", "1.2.3.4", "agent", "place");

    private static MobilePrompt toFit(MobilePrompt prompt, int limit) {
        return PromptShortening.toFit(prompt, limit, BYTES);
    }

    @Test
    void leavesAloneWhatFitsToTheByte() {
        var prompt = Prompts.with("title", "body", CONTEXT);

        assertThat(toFit(prompt, BYTES.applyAsInt(prompt))).isSameAs(prompt);
    }

    @Test
    void shortensTheBodyByAsLittleAsNeeded() {
        var prompt = Prompts.with("title", "abcdefghij", TransactionContext.EMPTY);

        assertThat(toFit(prompt, 14).body()).isEqualTo("abcdef…");
        assertThat(toFit(prompt, 9).body()).isEqualTo("a…");
        assertThat(toFit(prompt, 8).body()).isEmpty();
    }

    @Test
    void touchesNothingBeforeTheBodyIsGone() {
        var prompt = Prompts.with("title", "body", CONTEXT);

        var fitting = toFit(prompt, BYTES.applyAsInt(prompt) - 4);

        assertThat(fitting.body()).isEmpty();
        assertThat(fitting.context()).isEqualTo(CONTEXT);
        assertThat(fitting.title()).isEqualTo("title");
    }

    @Test
    void dropsTheContextFromWhatHelpsLeastToWhatHelpsMost() {
        var prompt = Prompts.with("title", "", CONTEXT);
        var kept =
                Stream.of(23, 18, 15, 12, 5).map(limit -> toFit(prompt, limit).context()).toList();

        assertThat(kept)
                .isEqualTo(
                        List.of(
                                new TransactionContext("app", "dom", "1.2.3.4", null, "place"),
                                new TransactionContext("app", "dom", "1.2.3.4", null, null),
                                new TransactionContext("app", null, "1.2.3.4", null, null),
                                new TransactionContext(null, null, "1.2.3.4", null, null),
                                TransactionContext.EMPTY));
    }

    @Test
    void shortensTheTitleLast() {
        var prompt = Prompts.with("a long title", "body", CONTEXT);

        var fitting = toFit(prompt, 9);

        assertThat(fitting.title()).isEqualTo("a long…");
        assertThat(fitting.context()).isEqualTo(TransactionContext.EMPTY);
    }

    @Test
    void neverCutsACodePointWhateverTheLimit() {
        var prompt = Prompts.with("😀😀", "a😀é漢😀z", TransactionContext.EMPTY);

        for (int limit = 0; limit <= BYTES.applyAsInt(prompt); limit++) {
            var fitting = toFit(prompt, limit);

            assertThat(BYTES.applyAsInt(fitting)).isLessThanOrEqualTo(limit);
            assertThat((fitting.title() + fitting.body()).codePoints())
                    .noneMatch(point -> point >= 0xD800 && point <= 0xDFFF);
        }
    }

    @Test
    void sizeNeverGrowsWithLessRoom() {
        var prompt = Prompts.longest("漢");
        int before = Integer.MAX_VALUE;

        for (int limit = 8000; limit >= 0; limit -= 97) {
            int size = BYTES.applyAsInt(toFit(prompt, limit));
            assertThat(size).isLessThanOrEqualTo(Math.min(limit, before));
            before = size;
        }
    }

    @Test
    void saysSoWhenNothingFits() {
        assertThatThrownBy(() -> PromptShortening.toFit(Prompts.small(), 10, _ -> 11))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("11 bytes, expected at most 10");
    }
}
