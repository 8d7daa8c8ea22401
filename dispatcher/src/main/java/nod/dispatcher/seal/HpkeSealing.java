package nod.dispatcher.seal;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.LowLevelCryptoCaller;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.subtle.HpkeEncrypt;
import com.google.crypto.tink.util.Bytes;

import nod.dispatcher.push.EncryptionKey;
import nod.dispatcher.push.PromptSealing;
import nod.dispatcher.push.PromptToSeal;
import nod.dispatcher.push.SealedPrompt;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.Optional;
import java.util.UUID;

/**
 * Tink does the cryptography: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, without the
 * prefix that Tink puts before messages of its key sets.
 */
public final class HpkeSealing implements PromptSealing {

    /** What a message is for: one that was sealed for another transaction can't be opened. */
    private static final String INFO = "nod push v1 ";

    private final HpkeParameters parameters;

    public HpkeSealing() {
        try {
            parameters =
                    HpkeParameters.builder()
                            .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                            .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                            .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                            .setVariant(HpkeParameters.Variant.NO_PREFIX)
                            .build();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("these belong together", impossible);
        }
    }

    @Override
    public Optional<SealedPrompt> seal(PromptToSeal secret) {
        var prompt = secret.prompt();
        try {
            var message = sealer(secret.key()).encrypt(prompt.json(), info(prompt.txId()));
            return Optional.of(SealedPrompt.of(prompt, message));
        } catch (InvalidKeyException unusable) {
            return Optional.empty();
        } catch (GeneralSecurityException surprise) {
            throw new IllegalStateException("a prompt could not be sealed", surprise);
        }
    }

    /** A phone has one key and no key set: what it gets is plain HPKE. */
    @AccessesPartialKey
    @LowLevelCryptoCaller
    private HybridEncrypt sealer(EncryptionKey key) throws GeneralSecurityException {
        return HpkeEncrypt.create(
                HpkePublicKey.create(parameters, Bytes.copyFrom(key.bytes()), null));
    }

    private static byte[] info(UUID txId) {
        return (INFO + txId).getBytes(StandardCharsets.UTF_8);
    }
}
