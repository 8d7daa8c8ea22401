package nod.dispatcher.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Who may have signed a server's certificate.
 *
 * @param certificates empty for the JVM's own list
 */
public record Trust(List<X509Certificate> certificates) {

    /** The JVM's own list of authorities. */
    public static final Trust DEFAULT = new Trust(List.of());

    public Trust {
        certificates = List.copyOf(certificates);
    }

    /**
     * Those of a PEM file and nobody else.
     *
     * @throws IOException when the file can't be read or holds no certificate
     */
    public static Trust in(Path pem) throws IOException {
        try (var file = Files.newInputStream(pem)) {
            var certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(file).stream()
                            .flatMap(
                                    one ->
                                            one instanceof X509Certificate certificate
                                                    ? Stream.of(certificate)
                                                    : Stream.empty())
                            .toList();
            if (certificates.isEmpty()) {
                throw new IOException("no certificate in " + pem);
            }
            return new Trust(certificates);
        } catch (CertificateException malformed) {
            throw new IOException("no certificate in " + pem, malformed);
        }
    }

    /** TLS that trusts them. */
    public SSLContext tls() {
        try {
            if (certificates.isEmpty()) {
                return SSLContext.getDefault();
            }
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("authority-" + i, certificates.get(i));
            }
            var managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            var tls = SSLContext.getInstance("TLS");
            tls.init(null, managers.getTrustManagers(), null);
            return tls;
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException(
                    "every JVM has TLS and key stores in memory", impossible);
        }
    }
}
