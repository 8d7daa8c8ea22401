package nod.collector.authentik;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTokenTest {

    @Test
    void isSentAsABearer() {
        assertThat(new ApiToken(" aB3-._~+/= \n").header()).isEqualTo("Bearer aB3-._~+/=");
    }

    @Test
    void neverPrintsItself() {
        assertThat(new ApiToken("aB3")).hasToString("[REDACTED]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "line\nbreak", "ümlaut", "Bearer: x"})
    void isNothingThatNoHeaderTakes(String value) {
        assertThat(new ApiToken(value).isUsable()).isFalse();
    }
}
