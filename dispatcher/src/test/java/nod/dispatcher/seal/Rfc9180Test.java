package nod.dispatcher.seal;

import static nod.dispatcher.seal.Rfc9180.hex;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** Who judges the sealing is judged by the RFC's own test vector (A.1.1, sequence number 0). */
class Rfc9180Test {

    @Test
    void opensTheTestVectorOfTheRfc() throws Exception {
        byte[] opened =
                Rfc9180.AES_128.open(
                        hex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"),
                        hex(
                                "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a9"
                                        + "6d8770ac83d07bea87e13c512a"),
                        hex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"),
                        hex("4f6465206f6e2061204772656369616e2055726e"),
                        hex("436f756e742d30"));

        assertThat(new String(opened, StandardCharsets.US_ASCII))
                .isEqualTo("Beauty is truth, truth beauty");
    }
}
