package nod.simulators.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

class ServerCertificateTest {

    private static final Clock CLOCK = Clock.systemUTC();

    private final Path folder;

    ServerCertificateTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void isIssuedByItsAuthorityForEveryName() throws Exception {
        ServerCertificate made = make("simulators.internal", "10.1.2.3");

        X509Certificate server = Pem.certificate(made.chain());
        X509Certificate authority = Pem.certificate(made.authority());
        server.verify(authority.getPublicKey());
        assertThat(authority.getBasicConstraints()).isNotNegative();
        assertThat(server.getBasicConstraints()).isNegative();
        assertThat(server.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactlyInAnyOrder(
                        "localhost", "127.0.0.1", "simulators.internal", "10.1.2.3");
    }

    @Test
    void keepsItsPrivateKeyToItself() throws Exception {
        assertThat(Files.getPosixFilePermissions(make().privateKey()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void isFoundAgain() throws Exception {
        String first = Files.readString(make("a.internal").chain());

        assertThat(Files.readString(make("a.internal").chain())).isEqualTo(first);
        assertThat(Files.readString(make().chain())).isEqualTo(first);
    }

    @Test
    void isMadeAnewForANameItLacks() throws Exception {
        String first = Files.readString(make().chain());

        assertThat(Files.readString(make("b.internal").chain())).isNotEqualTo(first);
    }

    @Test
    void isMadeAnewAMonthBeforeItsEnd() throws Exception {
        String first = Files.readString(make().chain());
        Clock later = Clock.offset(CLOCK, Duration.ofDays(705));

        ServerCertificate renewed = ServerCertificate.findOrCreate(folder, List.of(), later);

        assertThat(Files.readString(renewed.chain())).isNotEqualTo(first);
    }

    @Test
    void isMadeAnewWhenAFileIsBrokenOrAnothers() throws Exception {
        String first = Files.readString(make().chain());
        Files.writeString(make().privateKey(), "no key");

        String second = Files.readString(make().chain());
        assertThat(second).isNotEqualTo(first);

        Files.delete(make().authority());
        assertThat(Files.readString(make().chain())).isNotEqualTo(second);
    }

    private ServerCertificate make(String... names) {
        return ServerCertificate.findOrCreate(folder, List.of(names), CLOCK);
    }
}
