package nod.standalone.secrecy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

class NeedlesTest {

    private static final String SECRET = "fN3_k?9Q:vZ\"x8-Lw+2/Tj7";

    private final Needles needles = new Needles();

    @BeforeEach
    void hide() {
        needles.add("the other", "0a1b2c3d4e5f6g7h8i9j");
        needles.add("the secret", SECRET);
    }

    @Test
    void findsASecretAsItIs() {
        finds("token=" + SECRET + ", and so on");
    }

    @Test
    void findsAnyTwelveCharacters() {
        finds(SECRET.substring(0, 12) + "...");
        finds("..." + SECRET.substring(7, 19) + "...");
        finds("..." + SECRET.substring(SECRET.length() - 12));
    }

    @Test
    void findsNoFewer() {
        assertThat(needles.in("..." + SECRET.substring(4, 15) + "...")).isEmpty();
        assertThat(needles.in("")).isEmpty();
    }

    @Test
    void findsItEscaped() {
        finds("{\"t\":\"" + SECRET.replace("\"", "\\\"") + "\"}");
        finds("?t=" + URLEncoder.encode(SECRET, StandardCharsets.UTF_8));
    }

    @Test
    void findsItInHex() {
        var bytes = SECRET.getBytes(StandardCharsets.UTF_8);
        finds("\\x" + HexFormat.of().formatHex(bytes));
        finds(HexFormat.of().withUpperCase().formatHex(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ab", "abc", "user:", "key=\u00e9"})
    void findsItInBase64WhereverItBegins(String before) {
        var bytes = (before + SECRET + "!").getBytes(StandardCharsets.UTF_8);
        finds("Basic " + Base64.getEncoder().encodeToString(bytes));
        finds(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + ".x");
    }

    @Test
    void saysWhatStandsAroundIt() {
        assertThat(needles.in("before " + SECRET + " after"))
                .containsOnlyKeys("the secret")
                .extractingByKey("the secret")
                .asString()
                .contains("before", "after");
    }

    @Test
    void takesNoSecretThatIsTooShortToBeFound() {
        assertThatThrownBy(() -> needles.add("digits", "123456"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("digits: 6 characters, expected at least 12");
    }

    private void finds(String text) {
        assertThat(needles.in(text)).containsOnlyKeys("the secret");
    }
}
