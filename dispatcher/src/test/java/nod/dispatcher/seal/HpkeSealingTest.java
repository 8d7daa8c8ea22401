package nod.dispatcher.seal;

import static nod.dispatcher.seal.Rfc9180.hex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.subtle.X25519;

import nod.dispatcher.push.EncryptionKey;
import nod.dispatcher.push.PromptToSeal;
import nod.dispatcher.push.Prompts;
import nod.dispatcher.push.SealedPrompt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

import javax.crypto.AEADBadTagException;

class HpkeSealingTest {

    private static final byte[] NOTHING = {};

    private final HpkeSealing sealing = new HpkeSealing();
    private final byte[] privateKey = X25519.generatePrivateKey();

    private PromptToSeal secret() throws GeneralSecurityException {
        var key = EncryptionKey.of(X25519.publicFromPrivate(privateKey));
        return new PromptToSeal(Prompts.longest("漢"), key);
    }

    private byte[] sealed() throws GeneralSecurityException {
        return Base64.getUrlDecoder().decode(sealing.seal(secret()).orElseThrow().sealed());
    }

    private byte[] open(byte[] message, byte[] key, UUID txId) throws GeneralSecurityException {
        return Rfc9180.AES_256.open(
                Arrays.copyOf(message, 32),
                Arrays.copyOfRange(message, 32, message.length),
                key,
                ("nod push v1 " + txId).getBytes(StandardCharsets.UTF_8),
                NOTHING);
    }

    @Test
    void anotherImplementationOfTheRfcOpensWhatTinkSealed() throws Exception {
        assertThat(open(sealed(), privateKey, Prompts.TX)).isEqualTo(secret().prompt().json());
    }

    @Test
    void leavesReadableWhatTheContractSaysAndNothingElse() throws Exception {
        var sealed = sealing.seal(secret()).orElseThrow();

        assertThat(sealed)
                .isEqualTo(
                        new SealedPrompt(
                                Prompts.TX, Prompts.DEVICE, Prompts.EXPIRES, sealed.sealed()));
        // Base64url without padding: of 32 bytes encapsulated key, the text, and 16 bytes of tag.
        assertThat(sealed.sealed()).matches("[A-Za-z0-9_-]+");
        assertThat(Base64.getUrlDecoder().decode(sealed.sealed()))
                .hasSize(secret().prompt().json().length + 48);
    }

    @Test
    void neverSealsTheSameTwice() throws Exception {
        var one = sealed();
        var other = sealed();

        assertThat(Arrays.copyOf(one, 32)).isNotEqualTo(Arrays.copyOf(other, 32));
        assertThat(Arrays.copyOfRange(one, 32, 64)).isNotEqualTo(Arrays.copyOfRange(other, 32, 64));
    }

    @Test
    void canNotBeOpenedWithAnotherKeyOrForAnotherTransaction() throws Exception {
        var message = sealed();

        assertThatThrownBy(() -> open(message, X25519.generatePrivateKey(), Prompts.TX))
                .isInstanceOf(AEADBadTagException.class);
        assertThatThrownBy(() -> open(message, privateKey, UUID.randomUUID()))
                .isInstanceOf(AEADBadTagException.class);
    }

    /** The points of small order (RFC 7748, section 6.1), of which no secret can come. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void aKeyOfWhichNoSecretCanComeIsRefused(String point) {
        var key = EncryptionKey.of(hex(point));

        assertThat(sealing.seal(new PromptToSeal(Prompts.small(), key))).isEmpty();
    }

    @Test
    void aKeyHas32Bytes() {
        assertThatThrownBy(() -> EncryptionKey.of(new byte[31]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("31 bytes, expected 32");
    }
}
