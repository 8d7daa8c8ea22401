package nod.standalone.e2e;

import nod.gateway.contract.CheckedHttpClient;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.Standalone;
import nod.standalone.settings.StandaloneSettings;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;

/** The whole system, started once for all tests of this JVM. Tests keep apart by their users. */
final class RunningSystem {

    /** What a class locks that uses it: to read, where it leaves alone what others see. */
    static final String LOCK = "the running system";

    private static @Nullable RunningSystem instance;

    private final Standalone standalone;
    private final Authentik authentik;
    private final Auditor auditor;
    private final HttpClient phones;

    private RunningSystem() {
        try {
            var folder = Files.createTempDirectory("nod-e2e");
            standalone = Standalone.start(StandaloneSettings.onFreePorts(folder), step -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while the system started", e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(standalone::close));
        authentik = new Authentik(standalone.gatewayUri(), standalone.apiKey().value());
        auditor = new Auditor(standalone.kafka().bootstrapServers());
        phones =
                CheckedHttpClient.of(standalone.gatewayUri(), standalone.simulators().controlUri());
    }

    /** Not in a static initialiser: the system's own threads run code of this class meanwhile. */
    static synchronized RunningSystem get() {
        if (instance == null) {
            instance = new RunningSystem();
        }
        return instance;
    }

    Standalone standalone() {
        return standalone;
    }

    Authentik authentik() {
        return authentik;
    }

    Auditor auditor() {
        return auditor;
    }

    /** A user nobody has asked before. */
    static String newUser() {
        return "user-" + UUID.randomUUID();
    }

    /** A phone of the user, enrolled and with its push key registered. */
    VirtualPhone phone(String user, PhoneModel model) {
        var phone = phoneWithoutKey(user, model);
        phone.setNotificationKey();
        return phone;
    }

    /** A phone of the user that no push can reach. */
    VirtualPhone phoneWithoutKey(String user, PhoneModel model) {
        return VirtualPhone.enrol(
                authentik.beginEnrolment(user),
                model,
                standalone.simulators().controlUri(),
                phones);
    }

    Connection database() throws SQLException {
        var postgres = standalone.postgres();
        return DriverManager.getConnection(
                postgres.jdbcUrl(), postgres.user(), postgres.password());
    }
}
