package nod.collector.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** The key pair of RFC 8032, 7.1, test 1, and a receiver's way of verifying with it. */
final class Ed25519Keys {

    static final String PRIVATE =
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

    static final String PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    private Ed25519Keys() {}

    static String secret(String hex) {
        return "whsk_" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    static boolean verifies(String content, String signature) {
        try {
            var x509 = HexFormat.of().parseHex("302a300506032b6570032100" + PUBLIC);
            var verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(
                    KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509)));
            verifier.update(content.getBytes(StandardCharsets.UTF_8));
            return verifier.verify(
                    Base64.getDecoder().decode(signature.substring("v1a,".length())));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
