package nod.gateway.migration;

import static org.assertj.core.api.Assertions.assertThat;

import nod.messaging.testing.TestServers;
import nod.schemas.event.Topic.Producer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

class MigrateMainIT {

    private final TestServers servers = new TestServers();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void emptyTheDatabase() throws SQLException {
        execute("DROP SCHEMA public CASCADE");
        execute("CREATE SCHEMA public");
        execute("GRANT USAGE ON SCHEMA public TO public");
    }

    @Test
    void makesTheTablesAndGrantsTheServicesWhatTheyNeed() throws SQLException {
        var status = migrate(servers.user());

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .matches("The database is at version \\d+\\.\\R");
        try (var dispatcher = servers.connectAs(Producer.DISPATCHER);
                var statement = dispatcher.createStatement();
                var rows = statement.executeQuery("SELECT tx_id FROM transaction")) {
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void doesItEvenWhereGatewaysAreToldNotTo() {
        assertThat(migrate(servers.user(), "--spring.flyway.enabled=false")).isZero();
    }

    @Test
    void canBeRunAgain() {
        migrate(servers.user());

        assertThat(migrate(servers.user())).isZero();
    }

    @Test
    void saysWhatTheDatabaseSaysToARoleThatMayNot() {
        var status = migrate(TestServers.userOf(Producer.GATEWAY));

        assertThat(status).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("permission denied")
                .doesNotContain("password=");
        assertThat(out.size()).isZero();
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        assertThat(run("migrate", "--dry-run")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("'--dry-run' is not understood");
    }

    private int migrate(String user, String... settings) {
        var arguments =
                new ArrayList<>(
                        List.of(
                                "migrate",
                                "--spring.flyway.url=" + servers.jdbcUrl(),
                                "--spring.flyway.user=" + user,
                                "--spring.flyway.password=" + servers.password()));
        arguments.addAll(List.of(settings));
        return run(arguments.toArray(String[]::new));
    }

    private int run(String... arguments) {
        return MigrateMain.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }

    private void execute(String sql) throws SQLException {
        try (var connection = servers.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
