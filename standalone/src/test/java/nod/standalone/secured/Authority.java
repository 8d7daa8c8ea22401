package nod.standalone.secured;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import nod.simulators.tls.SecretFiles;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;

import javax.net.ssl.SSLContext;

/** A certificate authority of a test's own, whose key is never written. */
final class Authority {

    private static final Duration LIFETIME = Duration.ofDays(1);

    private final Path folder;
    private final X509Bundle own;

    /**
     * @param folder gets its certificate, and what it issues
     */
    Authority(Path folder, String name) {
        this.folder = folder;
        own =
                built(
                        builder(name)
                                .setIsCertificateAuthority(true)
                                .setKeyUsage(true, CertificateBuilder.KeyUsage.keyCertSign),
                        null);
        SecretFiles.writePublic(certificate(), own.getCertificatePEM());
    }

    /** What those have to trust who meet somebody with a certificate of this authority. */
    Path certificate() {
        return folder.resolve("ca.pem");
    }

    String certificatePem() {
        return own.getCertificatePEM();
    }

    /** Somebody with a certificate, as a server of these names and as a client. */
    final class Identity {

        final Path chain;
        final Path privateKey;
        private X509Bundle bundle;

        private Identity(String name, String... hosts) {
            chain = folder.resolve(name + ".pem");
            privateKey = folder.resolve(name + "-key.pem");
            bundle = issued(name, hosts);
            write();
        }

        /** Gets another certificate with another key, in the same files. */
        void renew(String name, String... hosts) {
            bundle = issued(name, hosts);
            write();
        }

        private void write() {
            SecretFiles.writeSecret(privateKey, bundle.getPrivateKeyPEM());
            SecretFiles.writePublic(chain, bundle.getCertificatePEM());
        }

        String serial() {
            return bundle.getCertificate().getSerialNumber().toString();
        }

        String chainPem() {
            return bundle.getCertificatePEM();
        }

        String privateKeyPem() {
            return bundle.getPrivateKeyPEM();
        }

        /** A client that shows this certificate and trusts that authority. */
        SSLContext trusting(Authority authority) {
            return authority.context(bundle);
        }
    }

    Identity issue(String name, String... hosts) {
        return new Identity(name, hosts);
    }

    /** A client that trusts this authority and shows no certificate. */
    SSLContext trusted() {
        return context(null);
    }

    private SSLContext context(@Nullable X509Bundle shown) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(
                    shown == null ? null : shown.toKeyManagerFactory().getKeyManagers(),
                    own.toTrustManagerFactory().getTrustManagers(),
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    private X509Bundle issued(String name, String... hosts) {
        var builder =
                builder(name)
                        .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
                        .addExtendedKeyUsageServerAuth()
                        .addExtendedKeyUsageClientAuth();
        for (var host : hosts) {
            if (Character.isDigit(host.charAt(0))) {
                builder.addSanIpAddress(host);
            } else {
                builder.addSanDnsName(host);
            }
        }
        return built(builder, own);
    }

    private static CertificateBuilder builder(String name) {
        var now = Clock.systemUTC().instant();
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=" + name)
                .notBefore(now.minus(LIFETIME))
                .notAfter(now.plus(LIFETIME));
    }

    private static X509Bundle built(CertificateBuilder builder, @Nullable X509Bundle issuer) {
        try {
            return issuer == null ? builder.buildSelfSigned() : builder.buildIssuedBy(issuer);
        } catch (Exception e) { // declared so by the builder
            throw new IllegalStateException("this JVM cannot make a P-256 certificate", e);
        }
    }
}
