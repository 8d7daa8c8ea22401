package nod.messaging.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.messaging.testing.TestServers;
import nod.schemas.event.Topic.Producer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What the services' roles may not do. That they may do what they have to is shown by all tests of
 * the services, which run as these roles.
 */
class DatabaseRolesIT {

    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final UUID TX = UUID.randomUUID();

    private static TestServers servers;

    @BeforeAll
    static void fill() throws SQLException {
        servers = new TestServers();
        try (var owner = servers.connect()) {
            execute(
                    owner,
                    """
                    INSERT INTO transaction
                        (tx_id, user_id, devices, mode, item, items, title, body, context, expires)
                    VALUES ('%s', 'alice', '{}', 'accept_deny', 'accept', '{accept,deny}', '', '',
                            '{}', now() + interval '1 minute')
                    """
                            .formatted(TX));
            execute(owner, outboxRow("gateway"));
            execute(owner, outboxRow("response-collector"));
        }
    }

    @AfterAll
    static void undecided() throws SQLException {
        try (var owner = servers.connect()) {
            assertThat(texts(owner, "SELECT status FROM transaction"))
                    .as("nobody decided anything")
                    .containsExactly("wait");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    DISPATCHER         | UPDATE transaction SET status = 'accept', decided = now()
                    DISPATCHER         | UPDATE transaction SET claim = 'cancelled', claimed_at = now()
                    DISPATCHER         | DELETE FROM transaction
                    DISPATCHER         | SELECT item FROM transaction
                    DISPATCHER         | SELECT user_id, title FROM transaction
                    DISPATCHER         | SELECT tx_id FROM transaction FOR UPDATE
                    DISPATCHER         | UPDATE device SET push_key = NULL
                    DISPATCHER         | SELECT public_key FROM device
                    DISPATCHER         | SELECT hash FROM device_token
                    DISPATCHER         | SELECT payload FROM outbox
                    DISPATCHER         | INSERT INTO user_limit (user_id) VALUES ('alice')
                    DISPATCHER         | SELECT body FROM webhook_delivery
                    GATEWAY            | SELECT body FROM webhook_delivery
                    GATEWAY            | UPDATE webhook_delivery SET doubt = false
                    GATEWAY            | INSERT INTO webhook_endpoint (name) VALUES ('x')
                    GATEWAY            | UPDATE transaction SET status = 'accept', decided = now()
                    GATEWAY            | UPDATE transaction SET reason = 'matched'
                    GATEWAY            | UPDATE transaction SET expires = now() + interval '1 day'
                    GATEWAY            | UPDATE transaction SET item = 'accept'
                    GATEWAY            | DELETE FROM transaction
                    GATEWAY            | DELETE FROM delivery
                    GATEWAY            | INSERT INTO api_key (id, name, hash) VALUES (gen_random_uuid(), 'x', '')
                    GATEWAY            | UPDATE api_key SET revoked = NULL
                    RESPONSE_COLLECTOR | UPDATE transaction SET claim = 'cancelled', claimed_at = now()
                    RESPONSE_COLLECTOR | UPDATE transaction SET item = 'accept'
                    RESPONSE_COLLECTOR | UPDATE webhook_delivery SET body = ''
                    RESPONSE_COLLECTOR | UPDATE webhook_delivery SET tx_id = gen_random_uuid()
                    RESPONSE_COLLECTOR | INSERT INTO transaction (tx_id) VALUES (gen_random_uuid())
                    RESPONSE_COLLECTOR | SELECT push_key FROM device
                    RESPONSE_COLLECTOR | SELECT hash FROM device_token
                    RESPONSE_COLLECTOR | UPDATE user_limit SET reason = NULL
                    RESPONSE_COLLECTOR | UPDATE delivery SET state = 'pulled'
                    """)
    void isRefused(Producer service, String statement) throws SQLException {
        try (var connection = servers.connectAs(service)) {
            assertThatThrownBy(() -> execute(connection, statement))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused ->
                                    assertThat(refused.getSQLState())
                                            .isEqualTo(INSUFFICIENT_PRIVILEGE));
        }
    }

    @ParameterizedTest
    @CsvSource({"GATEWAY, response-collector", "RESPONSE_COLLECTOR, gateway"})
    void neitherReadsNorForgesTheEventsOfAnother(Producer service, String other)
            throws SQLException {
        try (var connection = servers.connectAs(service)) {
            assertThat(texts(connection, "SELECT producer FROM outbox"))
                    .containsExactly(service.serviceName());
            assertThatThrownBy(() -> execute(connection, outboxRow(other)))
                    .hasMessageContaining("row-level security");
            assertThat(execute(connection, "DELETE FROM outbox WHERE producer = '" + other + "'"))
                    .isZero();
        }
    }

    /** Of a table of hardly any rows all would be as cheap; the next crowd would pay for that. */
    @ParameterizedTest
    @CsvSource({"GATEWAY", "RESPONSE_COLLECTOR"})
    void findsItsEventsByTheirIds(Producer service) throws SQLException {
        try (var owner = servers.connect();
                var connection = servers.connectAs(service)) {
            execute(owner, "ANALYZE outbox");
            execute(connection, "SET enable_seqscan = off");
            var plan =
                    texts(
                            connection,
                            "EXPLAIN DELETE FROM outbox WHERE id = ANY(ARRAY(SELECT"
                                    + " gen_random_uuid() FROM generate_series(1, 100)))");

            assertThat(plan).anyMatch(line -> line.contains("outbox_pkey"));
            assertThat(plan).noneMatch(line -> line.contains("outbox_by_age"));
        }
    }

    @Test
    void givesTheDispatcherNothingButAFewColumnsToRead() throws SQLException {
        try (var owner = servers.connect()) {
            assertThat(
                            texts(
                                    owner,
                                    """
                                    SELECT DISTINCT table_name || ' ' || privilege_type
                                    FROM information_schema.column_privileges
                                    WHERE grantee = 'nod_dispatcher'
                                    """))
                    .containsExactlyInAnyOrder("transaction SELECT", "device SELECT");
        }
    }

    @ParameterizedTest
    @CsvSource({"GATEWAY", "DISPATCHER", "RESPONSE_COLLECTOR"})
    void mayNotChangeTheTables(Producer service) throws SQLException {
        try (var connection = servers.connectAs(service)) {
            for (var statement :
                    List.of(
                            "ALTER TABLE transaction ADD COLUMN more text",
                            "ALTER TABLE outbox DISABLE ROW LEVEL SECURITY",
                            "DROP TABLE outbox",
                            "CREATE TABLE more (id int)",
                            "TRUNCATE transaction",
                            "SET ROLE postgres")) {
                assertThatThrownBy(() -> execute(connection, statement))
                        .as(statement)
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    private static String outboxRow(String producer) {
        return """
        INSERT INTO outbox (id, producer, topic, key, traceparent, payload)
        VALUES (gen_random_uuid(), '%s', 'push.outcome.decided.v1', 'k', '', '{}')
        """
                .formatted(producer);
    }

    private static int execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.execute(sql) ? 0 : statement.getUpdateCount();
        }
    }

    private static List<String> texts(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            var texts = new ArrayList<String>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }
}
