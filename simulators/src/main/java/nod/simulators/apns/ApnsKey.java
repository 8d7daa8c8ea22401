package nod.simulators.apns;

import nod.simulators.tls.Pem;
import nod.simulators.tls.SecretFiles;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;

/**
 * The one signing key that the simulated APNs knows. Made once for a folder and found again by
 * later starts.
 *
 * @param signingKeyFile what the client reads, a .p8 file as Apple hands it out, mode 0600
 */
record ApnsKey(Path signingKeyFile, ECPublicKey publicKey) {

    private static final Logger log = LoggerFactory.getLogger(ApnsKey.class);

    static ApnsKey findOrCreate(Path folder, String keyId) {
        Path signing = folder.resolve("AuthKey_" + keyId + ".p8");
        Path verifying = folder.resolve("AuthKey_" + keyId + ".pub.pem");
        ECPublicKey known = find(signing, verifying);
        if (known != null) {
            return new ApnsKey(signing, known);
        }
        KeyPair pair = create();
        SecretFiles.writeSecret(signing, Pem.of(pair.getPrivate()));
        SecretFiles.writePublic(verifying, Pem.of(pair.getPublic()));
        log.info("made the simulated APNs signing key {} in {}", keyId, folder);
        return new ApnsKey(signing, (ECPublicKey) pair.getPublic());
    }

    private static @Nullable ECPublicKey find(Path signing, Path verifying) {
        try {
            PrivateKey secret = Pem.privateKey(signing, "EC");
            ECPublicKey known = (ECPublicKey) Pem.publicKey(verifying, "EC");
            return Pem.belongTogether(secret, known) ? known : null;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | GeneralSecurityException e) {
            log.warn("replacing the unusable key {}: {}", signing, e.getMessage());
            return null;
        }
    }

    private static KeyPair create() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM can make P-256 keys", e);
        }
    }
}
