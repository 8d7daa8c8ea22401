package nod.standalone.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.standalone.host.ChildJvm;
import nod.standalone.host.Port;
import nod.standalone.host.StartRefusedException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

class EmbeddedPostgresIT {
    // Shared by the tests, for they take a second to unpack.
    private static final Path PROGRAMS = Path.of("target", "postgres-programs").toAbsolutePath();

    private final Path folder;

    EmbeddedPostgresIT(@TempDir Path folder) {
        this.folder = folder;
    }

    /** Runs a server until it is killed. */
    static final class Host {
        public static void main(String[] arguments) throws Exception {
            var layout = layout(Path.of(arguments[0]), Path.of(arguments[1]));
            var postgres = EmbeddedPostgres.start(layout, port(Integer.parseInt(arguments[2])));
            try (var connection = connect(postgres)) {
                execute(connection, "CREATE TABLE kept (value text)");
                execute(connection, "INSERT INTO kept VALUES ('committed before the kill')");
            }
            ChildJvm.stayUntilParentDies();
        }
    }

    @AfterEach
    void stopWhatAFailedTestLeftBehind() throws Exception {
        EmbeddedPostgres.stopLeftBehind(layout(folder, PROGRAMS));
    }

    @Test
    void keepsRowsOverAStopAndAStart() throws Exception {
        try (var postgres = start(0);
                var connection = connect(postgres)) {
            execute(connection, "CREATE TABLE kept AS SELECT 'a row' AS value");
        }

        try (var postgres = start(0)) {
            assertThat(value(postgres, "SELECT value FROM kept")).isEqualTo("a row");
            assertThat(postgres.isAdopted()).isFalse();
        }
    }

    @Test
    void isAdoptedWithItsRowsWhenItsProcessWasKilled() throws Exception {
        var port = Port.anyFree();
        killAHost(port);

        try (var postgres = start(port)) {
            assertThat(postgres.isAdopted()).isTrue();
            assertThat(postgres.port()).isEqualTo(port);
            assertThat(value(postgres, "SELECT value FROM kept"))
                    .isEqualTo("committed before the kill");
        }
        assertThat(Postmaster.of(folder.resolve("postgres"))).isEmpty();
    }

    @Test
    void movesWhenItWasLeftBehindOnAnotherPort() throws Exception {
        killAHost(Port.anyFree());
        var port = Port.anyFree();

        try (var postgres = start(port)) {
            assertThat(postgres.isAdopted()).isFalse();
            assertThat(postgres.port()).isEqualTo(port);
            assertThat(value(postgres, "SELECT value FROM kept"))
                    .isEqualTo("committed before the kill");
        }
    }

    @Test
    void startsOverTheFileOfADeadServerWhoseNumberIsSomebodyElsesNow() throws Exception {
        start(0).close();
        Files.writeString(
                folder.resolve("postgres/postmaster.pid"),
                ProcessHandle.current().pid() + "\n/somewhere\n0\n5432\n");

        try (var postgres = start(0)) {
            assertThat(value(postgres, "SELECT 'up'")).isEqualTo("up");
        }
    }

    @Test
    void writesToTheDiskBeforeItSaysCommitted() throws Exception {
        try (var postgres = start(0)) {
            assertThat(value(postgres, "SHOW fsync")).isEqualTo("on");
            assertThat(value(postgres, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(value(postgres, "SHOW full_page_writes")).isEqualTo("on");
        }
    }

    @Test
    void letsNobodyInWithoutThePassword() throws Exception {
        try (var postgres = start(0)) {
            assertThatThrownBy(
                            () ->
                                    DriverManager.getConnection(
                                                    postgres.jdbcUrl(), "postgres", "postgres")
                                            .close())
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void refusesATakenPort() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start(other.getLocalPort()))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining(
                            "Port %d for PostgreSQL is taken".formatted(other.getLocalPort()));
        }
    }

    private void killAHost(int port) throws IOException, InterruptedException {
        try (var host = ChildJvm.start(Host.class, folder, PROGRAMS, port)) {
            host.awaitLine(ChildJvm.READY);
            host.kill();
        }
    }

    private EmbeddedPostgres start(int port) throws InterruptedException {
        return EmbeddedPostgres.start(layout(folder, PROGRAMS), port(port));
    }

    private static Port port(int number) {
        return new Port(number, "PostgreSQL", "nod.standalone.postgres.port");
    }

    private static EmbeddedPostgres.Layout layout(Path folder, Path programs) {
        return new EmbeddedPostgres.Layout(
                folder.resolve("postgres"),
                programs,
                folder.resolve("postgres-password"),
                folder.resolve("postgres.log"));
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private static String value(EmbeddedPostgres postgres, String query) throws SQLException {
        try (var connection = connect(postgres);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
