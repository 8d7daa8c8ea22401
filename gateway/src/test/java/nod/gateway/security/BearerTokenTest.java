package nod.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class BearerTokenTest {

    private static final String NOT_PROVIDED = "Authentication credentials were not provided.";
    private static final String INVALID = "Token invalid/expired";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer t0ken",
                "bearer t0ken",
                "BEARER t0ken",
                " Bearer \t t0ken ",
                "bEaReR  t0ken"
            })
    void takesTheSchemeInAnyCaseAndWithAnyBlanks(String header) {
        assertThat(BearerToken.of(List.of(header)).value()).isEqualTo("t0ken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Bearer", "Bearer ", "t0ken", "Basic"})
    void missesATokenWhereThereIsNoSecondWord(String header) {
        assertRefused(List.of(header), NOT_PROVIDED);
    }

    @Test
    void missesATokenWhereThereIsNoHeader() {
        assertRefused(List.of(), NOT_PROVIDED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic t0ken", "Token t0ken", "Digest a b c", "Bearer: t0ken"})
    void knowsNoOtherScheme(String header) {
        assertRefused(List.of(header), "Unsupported authentication type");
    }

    @Test
    void refusesWhatTwoReadersCouldReadInTwoWays() {
        assertRefused(List.of("Bearer t0ken another"), INVALID);
        assertRefused(List.of("Bearer t0ken", "Bearer t0ken"), INVALID);
        assertRefused(List.of("Bearer t0ken", "Basic t0ken"), INVALID);
    }

    @Test
    void tellsByItsFormWhatATokenCanBe() {
        var ours = BearerToken.of(List.of("Bearer " + new Tokens().next()));
        var jwt = BearerToken.of(List.of("Bearer aaaa.bbbb.cccc"));

        assertThat(ours.mayBeOurs()).isTrue();
        assertThat(ours.mayBeJwt()).isFalse();
        assertThat(jwt.mayBeOurs()).isFalse();
        assertThat(jwt.mayBeJwt()).isTrue();
    }

    @Test
    void neverPrintsItself() {
        assertThat(BearerToken.of(List.of("Bearer t0ken"))).hasToString("[REDACTED]");
    }

    private static void assertRefused(List<String> headers, String message) {
        assertThatThrownBy(() -> BearerToken.of(headers))
                .isInstanceOf(CredentialFailure.class)
                .hasMessage(message);
    }
}
