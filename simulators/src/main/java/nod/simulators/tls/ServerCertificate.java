package nod.simulators.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A certificate for this machine, issued by a certificate authority that exists for it alone. Both
 * are made once for a folder and found again by later starts while they are good for another month
 * and for every name asked for. The authority's private key is never written: what trusts the
 * authority trusts this one certificate.
 *
 * @param authority the authority's certificate as PEM: what a client has to trust
 * @param chain the server's certificate as PEM
 * @param privateKey the server's key as unencrypted PKCS #8 PEM, mode 0600
 */
public record ServerCertificate(Path authority, Path chain, Path privateKey) {

    private static final Logger log = LoggerFactory.getLogger(ServerCertificate.class);
    private static final List<String> ALWAYS = List.of("localhost", "127.0.0.1");
    private static final Duration LIFETIME = Duration.ofDays(730);
    private static final Duration RENEWED_BEFORE_ITS_END = Duration.ofDays(30);
    // A clock that is behind must not call the certificate "not yet valid".
    private static final Duration SKEW = Duration.ofDays(1);

    private static ServerCertificate in(Path folder) {
        return new ServerCertificate(
                folder.resolve("ca.pem"),
                folder.resolve("server.pem"),
                folder.resolve("server-key.pem"));
    }

    /**
     * Finds the folder's certificate, or makes one for {@code localhost}, {@code 127.0.0.1} and the
     * names given.
     *
     * @param names further DNS names or IPv4 addresses
     * @throws java.io.UncheckedIOException when the folder can't be written
     */
    public static ServerCertificate findOrCreate(
            Path folder, Collection<String> names, Clock clock) {
        Set<String> all = new LinkedHashSet<>(ALWAYS);
        all.addAll(names);
        ServerCertificate certificate = in(folder);
        if (!certificate.serves(all, clock.instant())) {
            certificate.create(all, clock.instant());
            log.info("made a certificate authority and a certificate for {} in {}", all, folder);
        }
        return certificate;
    }

    private boolean serves(Set<String> names, Instant now) {
        try {
            X509Certificate server = Pem.certificate(chain);
            server.verify(Pem.certificate(authority).getPublicKey());
            return server.getNotBefore().toInstant().isBefore(now)
                    && server.getNotAfter().toInstant().isAfter(now.plus(RENEWED_BEFORE_ITS_END))
                    && namesIn(server).containsAll(names)
                    && Pem.belongTogether(Pem.privateKey(privateKey, "EC"), server.getPublicKey());
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException | GeneralSecurityException e) {
            log.warn("replacing the unusable certificate {}: {}", chain, e.getMessage());
            return false;
        }
    }

    private static Set<String> namesIn(X509Certificate server) throws GeneralSecurityException {
        Collection<List<?>> names = server.getSubjectAlternativeNames();
        return names == null
                ? Set.of()
                : names.stream().map(name -> name.get(1).toString()).collect(Collectors.toSet());
    }

    private void create(Set<String> names, Instant now) {
        X509Bundle ca = build(authorityFor(now), null);
        X509Bundle server = build(serverFor(names, now), ca);
        SecretFiles.writeSecret(privateKey, Pem.of(server.getKeyPair().getPrivate()));
        SecretFiles.writePublic(chain, server.getCertificatePEM());
        SecretFiles.writePublic(authority, ca.getCertificatePEM());
    }

    private static CertificateBuilder authorityFor(Instant now) {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=Nod simulators")
                .notBefore(now.minus(SKEW))
                .notAfter(now.plus(LIFETIME))
                .setIsCertificateAuthority(true)
                .setKeyUsage(
                        true,
                        CertificateBuilder.KeyUsage.keyCertSign,
                        CertificateBuilder.KeyUsage.cRLSign);
    }

    private static CertificateBuilder serverFor(Set<String> names, Instant now) {
        CertificateBuilder builder =
                new CertificateBuilder()
                        .ecp256()
                        .subject("CN=" + ALWAYS.getFirst())
                        .notBefore(now.minus(SKEW))
                        .notAfter(now.plus(LIFETIME))
                        .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
                        .addExtendedKeyUsageServerAuth();
        for (String name : names) {
            if (isAddress(name)) {
                builder.addSanIpAddress(name);
            } else {
                builder.addSanDnsName(name);
            }
        }
        return builder;
    }

    private static boolean isAddress(String name) {
        return name.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    private static X509Bundle build(CertificateBuilder builder, @Nullable X509Bundle issuer) {
        try {
            return issuer == null ? builder.buildSelfSigned() : builder.buildIssuedBy(issuer);
        } catch (Exception e) { // declared so by the builder; every JDK can make P-256 certificates
            throw new IllegalStateException("this JVM cannot make a P-256 certificate", e);
        }
    }
}
