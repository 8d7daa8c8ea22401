package nod.simulators.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

class SealedPushesTest {

    private static final Prompt PROMPT =
            new Prompt(
                    UUID.fromString("0190b2c4-0000-7000-8000-00000000000a"),
                    UUID.fromString("0190b2c4-0000-7000-8000-000000000001"),
                    "Anmeldung",
                    "漢字?",
                    "number_matching_2",
                    List.of("12", "34", "56"),
                    Map.of("application", "Wiki"),
                    Instant.parse("2026-01-31T12:00:00Z"));

    private final EncryptionKey key = EncryptionKey.generate();
    private final SealedPushes pushes = new SealedPushes(key);

    private static Push push(UUID txId, String sealed) {
        return new Push(
                "Sign-in request",
                "",
                Map.of(
                        "tx_id", txId.toString(),
                        "device", PROMPT.device().toString(),
                        "expires", PROMPT.expires().toString(),
                        "sealed", sealed));
    }

    private String sealed() throws Exception {
        return Sealing.of(key, PROMPT.txId(), Sealing.json(PROMPT));
    }

    @Test
    void openToTheWholePrompt() throws Exception {
        assertThat(pushes.prompt(push(PROMPT.txId(), sealed()))).contains(PROMPT);
    }

    @Test
    void mayInformInTheOpen() {
        assertThat(pushes.prompt(new Push("New device", "", Map.of()))).isEmpty();
    }

    @Test
    void canNotBeOpenedByAnotherPhone() throws Exception {
        String sealed = Sealing.of(EncryptionKey.generate(), PROMPT.txId(), Sealing.json(PROMPT));

        canNotBeOpened(push(PROMPT.txId(), sealed));
    }

    @Test
    void canNotBeOpenedForAnotherTransaction() throws Exception {
        canNotBeOpened(push(UUID.randomUUID(), sealed()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 32, 60, -16, -1})
    void noticeWhenTheyWereTamperedWith(int at) throws Exception {
        byte[] message = Base64.getUrlDecoder().decode(sealed());
        message[at < 0 ? message.length + at : at] ^= 1;

        canNotBeOpened(push(PROMPT.txId(), Base64.getUrlEncoder().encodeToString(message)));
    }

    @Test
    void noticeWhenTheyWereCutOrAreNoSuchThing() throws Exception {
        canNotBeOpened(push(PROMPT.txId(), sealed().substring(0, 60)));
        canNotBeOpened(push(PROMPT.txId(), ""));
        canNotBeOpened(push(PROMPT.txId(), "?"));
    }

    @Test
    void holdThePromptThatStandsOutside() throws Exception {
        UUID other = UUID.randomUUID();
        String sealed = Sealing.of(key, other, Sealing.json(PROMPT));

        assertThatThrownBy(() -> pushes.prompt(push(other, sealed)))
                .isInstanceOf(PhoneException.class)
                .hasMessageContaining("holds another prompt");
    }

    @Test
    void showNothingBesides() throws Exception {
        Push push = push(PROMPT.txId(), sealed());
        Map<String, String> more = new HashMap<>(push.data());
        more.put("title", "Anmeldung");

        assertThatThrownBy(() -> pushes.prompt(new Push("", "", more)))
                .isInstanceOf(PhoneException.class);
        assertThatThrownBy(() -> pushes.prompt(new Push("", "漢字?", push.data())))
                .isInstanceOf(PhoneException.class)
                .hasMessageEndingWith("and a body");
    }

    private void canNotBeOpened(Push push) {
        assertThatThrownBy(() -> pushes.prompt(push))
                .isInstanceOf(PhoneException.class)
                .hasMessageContaining("can't be opened");
    }
}
