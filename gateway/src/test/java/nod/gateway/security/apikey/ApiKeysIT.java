package nod.gateway.security.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.gateway.RunningGateway;
import nod.gateway.security.TokenHash;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** Keys made, used and revoked by the command line, on two gateways that are not restarted. */
class ApiKeysIT {

    private static final String PATH = "/authenticators/mobile/";

    /** With room for a busy machine. */
    private static final Duration BOUND = KnownApiKeys.REFRESH.plusSeconds(5);

    private static final String CONFIGURED = "a-key-that-is-configured-by-its-hash-alone";

    private static TestServers servers;
    private static List<RunningGateway> gateways;

    /** What a command printed, and its exit status. */
    private record Outcome(int status, String out, String err) {

        /** The id in a sentence about a key. */
        String id() {
            return err.split(" ")[2];
        }
    }

    @BeforeAll
    static void start() {
        servers = new TestServers();
        var settings =
                Map.of(
                        "nod.gateway.api-keys.hashed",
                        "sha256:" + HexFormat.of().formatHex(TokenHash.of(CONFIGURED).bytes()));
        gateways =
                List.of(
                        RunningGateway.start(servers, settings),
                        RunningGateway.start(servers, settings));
    }

    @AfterAll
    static void stop() {
        gateways.forEach(RunningGateway::close);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void rotatesAKeyWithoutARestart() {
        var first = command("create", "rotated");
        var second = command("create", "rotated");
        awaitStatuses(first, 200);
        awaitStatuses(second, 200);

        command("revoke", first.id());

        awaitStatuses(first, 403);
        assertThat(statuses(second)).containsOnly(200);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void endsAKeyInTime() {
        var key = command("create", "short", "--expires-in=5s");
        awaitStatuses(key, 200);

        await().atMost(Duration.ofSeconds(5).plus(BOUND)).until(() -> allAnswer(key, 403));
        assertThat(command("list").out()).containsPattern(key.id() + "  expired ");
    }

    @Test
    void printsTheKeyAloneToStandardOutput() {
        var made = command("create", "once", "--expires-in=90d");

        assertThat(made.status()).isZero();
        assertThat(made.out()).matches("[A-Za-z0-9_-]{43}\\R");
        assertThat(made.err())
                .startsWith("Made key ")
                .contains("of once", "expires ")
                .doesNotContain(made.out().strip());
        assertThat(command("list").out()).doesNotContain(made.out().strip());
    }

    @Test
    void keepsTheHashAlone() throws SQLException {
        var made = command("create", "hashed");

        try (var connection = servers.connect();
                var query = connection.prepareStatement("SELECT hash FROM api_key WHERE id = ?")) {
            query.setObject(1, UUID.fromString(made.id()));
            try (var rows = query.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getBytes(1)).isEqualTo(TokenHash.of(made.out().strip()).bytes());
            }
        }
    }

    @Test
    void listsEveryKeyThatEverWas() {
        var live = command("create", "listed");
        var revoked = command("create", "listed");
        command("revoke", revoked.id());

        assertThat(command("list").out())
                .containsPattern(live.id() + "  live    .*  never  .*listed")
                .containsPattern(revoked.id() + "  revoked .*listed");
    }

    @Test
    void revokesOnceAndSaysSoAgain() {
        var key = command("create", "twice");

        var first = command("revoke", key.id());
        var second = command("revoke", key.id());

        assertThat(first.status()).isZero();
        assertThat(second).isEqualTo(first);
    }

    @Test
    void waitsForItsConnectionAsLongAsNoRequestWould() {
        var made = command("create", "patient", "--spring.r2dbc.pool.max-acquire-time=1ms");

        assertThat(made.status()).as(made.err()).isZero();
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(command("revoke", UUID.randomUUID().toString()))
                .matches(outcome -> outcome.status() == 1)
                .matches(outcome -> outcome.err().contains("there is no key"));
        assertThat(command("create", "x", "--expires-in=soon").status()).isEqualTo(2);
        assertThat(run("list", "--spring.r2dbc.url=r2dbc:postgresql://127.0.0.1:1/nod"))
                .matches(outcome -> outcome.status() == 1)
                .matches(outcome -> outcome.err().contains("spring.r2dbc.url did not do it"))
                .matches(outcome -> outcome.out().isEmpty());
    }

    @Test
    void saysThatTheTableIsMissing() throws SQLException {
        var old = new TestServers();
        try (var connection = old.connect();
                var statement = connection.createStatement()) {
            statement.execute("DROP TABLE api_key");
        }

        assertThat(run(Stream.concat(Stream.of("list"), database(old)).toArray(String[]::new)))
                .matches(outcome -> outcome.status() == 1)
                .matches(outcome -> outcome.err().contains("has no table api_key"));
    }

    @Test
    void takesAKeyThatIsConfiguredByItsHash() {
        assertThat(gateways).allSatisfy(one -> assertThat(status(one, CONFIGURED)).isEqualTo(200));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void namesTheKeyInTheIdempotencyThatItOwns() {
        var first = command("create", "same-name");
        var second = command("create", "same-name");
        awaitStatuses(first, 200);
        awaitStatuses(second, 200);
        gateways.getFirst().enrol("idempotent");

        assertThat(started(first)).isEqualTo(201);
        assertThat(started(second)).isEqualTo(200);
    }

    private static int started(Outcome key) {
        return gateways.getFirst()
                .client(key.out().strip())
                .post()
                .uri(PATH + "transactions/")
                .header("Idempotency-Key", "over-a-rotation")
                .bodyValue(Map.of("user", "idempotent"))
                .exchange()
                .returnResult(Void.class)
                .getStatus()
                .value();
    }

    private static void awaitStatuses(Outcome key, int status) {
        await().atMost(BOUND).until(() -> allAnswer(key, status));
    }

    private static boolean allAnswer(Outcome key, int status) {
        return statuses(key).stream().allMatch(one -> one == status);
    }

    private static List<Integer> statuses(Outcome key) {
        return gateways.stream().map(one -> status(one, key.out().strip())).toList();
    }

    private static int status(RunningGateway gateway, String key) {
        return gateway.client(key)
                .get()
                .uri(PATH)
                .exchange()
                .returnResult(Void.class)
                .getStatus()
                .value();
    }

    private static Outcome command(String... words) {
        return run(Stream.concat(Stream.of(words), database(servers)).toArray(String[]::new));
    }

    private static Stream<String> database(TestServers of) {
        return of.properties().entrySet().stream()
                .filter(property -> property.getKey().startsWith("spring.r2dbc."))
                .map(property -> "--" + property.getKey() + "=" + property.getValue());
    }

    private static Outcome run(String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var arguments = new ArrayList<>(List.of("api-key"));
        arguments.addAll(List.of(words));
        var status =
                ApiKeyMain.run(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        arguments.toArray(String[]::new));
        return new Outcome(
                status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
