package nod.simulators.phone;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.LowLevelCryptoCaller;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.subtle.HpkeEncrypt;
import com.google.crypto.tink.util.Bytes;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Objects;
import java.util.UUID;

/** Seals prompts as the gateway's dispatcher would. */
final class Sealing {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Sealing() {}

    /** The prompt, sealed for this phone. */
    static String of(PhoneModel model, Prompt prompt) throws GeneralSecurityException {
        EncryptionKey key = Objects.requireNonNull(model.encryptionKey());
        return of(key, prompt.txId(), json(prompt));
    }

    /** Any text, sealed for that key and that transaction. */
    static String of(EncryptionKey key, UUID txId, String text) throws GeneralSecurityException {
        byte[] info = ("nod push v1 " + txId).getBytes(StandardCharsets.UTF_8);
        byte[] message = sealer(key).encrypt(text.getBytes(StandardCharsets.UTF_8), info);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(message);
    }

    static String json(Prompt prompt) {
        ObjectNode json = JSON.createObjectNode();
        json.put("tx_id", prompt.txId().toString());
        json.put("device", prompt.device().toString());
        json.put("title", prompt.title());
        json.put("body", prompt.body());
        json.put("mode", prompt.mode());
        json.set("items", JSON.valueToTree(prompt.items()));
        json.set("context", JSON.valueToTree(prompt.context()));
        json.put("expires", prompt.expires().toString());
        return json.toString();
    }

    @AccessesPartialKey
    @LowLevelCryptoCaller
    private static HybridEncrypt sealer(EncryptionKey key) throws GeneralSecurityException {
        HpkeParameters parameters =
                HpkeParameters.builder()
                        .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                        .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                        .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                        .setVariant(HpkeParameters.Variant.NO_PREFIX)
                        .build();
        return HpkeEncrypt.create(
                HpkePublicKey.create(parameters, Bytes.copyFrom(key.publicKey()), null));
    }
}
