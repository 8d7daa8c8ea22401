package nod.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HexFormat;

class SecretTest {

    private static final String KEY = "k".repeat(40);

    @Test
    void isTheSameKeyWholeAndAsItsHash() {
        var hex = HexFormat.of().formatHex(TokenHash.of(KEY).bytes());

        assertThat(new Secret("sha256:" + hex).hash()).isEqualTo(new Secret(KEY).hash());
        assertThat(new Secret("sha256:" + hex.toUpperCase(java.util.Locale.ROOT)).hash())
                .isEqualTo(new Secret(KEY).hash());
    }

    @Test
    void doesNotTakeTheWrittenHashForTheKey() {
        var written = "sha256:" + HexFormat.of().formatHex(TokenHash.of(KEY).bytes());

        assertThat(new Secret(written).hash()).isNotEqualTo(TokenHash.of(written));
    }

    @ParameterizedTest
    @CsvSource({
        "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk, true",
        "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk, false",
        "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, true",
        "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde, false",
        "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg, false",
        "sha256:, false",
        "'', false"
    })
    void isUsableWhereNobodyGuessesIt(String value, boolean usable) {
        assertThat(new Secret(value).isUsable()).isEqualTo(usable);
    }

    @Test
    void neverPrintsItself() {
        assertThat(new Secret(KEY)).hasToString("[REDACTED]");
    }
}
