package nod.simulators.fcm;

import nod.simulators.tls.Pem;
import nod.simulators.tls.SecretFiles;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.UUID;

/**
 * The one service account that the simulated project knows. Its RSA key is made once for a folder
 * and found again by later starts; the file for the client is written anew at each start, because
 * it names the port.
 */
record ServiceAccount(String email, String keyId, RSAPrivateCrtKey privateKey) {

    private static final Logger log = LoggerFactory.getLogger(ServiceAccount.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int KEY_BITS = 2048;

    static ServiceAccount findOrCreate(Path folder, String project) {
        Path file = folder.resolve("fcm-service-account-key.pem");
        RSAPrivateCrtKey key = find(file);
        if (key == null) {
            key = create();
            SecretFiles.writeSecret(file, Pem.of(key));
            log.info("made a key for the simulated service account in {}", folder);
        }
        String email = "nod@%s.iam.gserviceaccount.com".formatted(project);
        return new ServiceAccount(email, keyId(key), key);
    }

    /** Writes what firebase-admin reads as a service account's JSON file. */
    void writeFile(Path file, String project, URI tokenUri) {
        ObjectNode json = JSON.createObjectNode();
        json.put("type", "service_account");
        json.put("project_id", project);
        json.put("private_key_id", keyId);
        json.put("private_key", Pem.of(privateKey));
        json.put("client_email", email);
        json.put("client_id", "100000000000000000000");
        json.put("token_uri", tokenUri.toString());
        json.put("universe_domain", "googleapis.com");
        SecretFiles.writeSecret(
                file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    }

    PublicKey publicKey() {
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(
                            new RSAPublicKeySpec(
                                    privateKey.getModulus(), privateKey.getPublicExponent()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every RSA private key has a public one", e);
        }
    }

    private static @Nullable RSAPrivateCrtKey find(Path file) {
        try {
            return Pem.privateKey(file, "RSA") instanceof RSAPrivateCrtKey key ? key : null;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | GeneralSecurityException e) {
            log.warn("replacing the unusable key {}: {}", file, e.getMessage());
            return null;
        }
    }

    private static RSAPrivateCrtKey create() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS);
            return (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM can make RSA keys", e);
        }
    }

    private static String keyId(RSAPrivateCrtKey key) {
        return UUID.nameUUIDFromBytes(key.getModulus().toByteArray()).toString().replace("-", "");
    }
}
