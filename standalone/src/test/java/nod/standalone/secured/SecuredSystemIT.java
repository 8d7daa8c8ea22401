package nod.standalone.secured;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;

import nod.gateway.contract.CheckedHttpClient;
import nod.gateway.migration.MigrateMain;
import nod.gateway.security.apikey.ApiKeyMain;
import nod.messaging.deadletter.DeadLettersMain;
import nod.messaging.testing.EventLogReader;
import nod.schemas.event.Event;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.Topic;
import nod.schemas.event.Topic.Producer;
import nod.schemas.event.TransactionStatus;
import nod.standalone.e2e.Authentik;
import nod.standalone.host.Port;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * All is encrypted, everybody is asked who they are, and nobody may do more than the pages say they
 * need. The services came up before an operator had made the topics or granted anything.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class SecuredSystemIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What the broker refuses. */
    private final LogBook refusals = new LogBook(Map.of("kafka.authorizer.logger", Level.INFO));

    /** Where clients tell how they are configured and what they say to servers. */
    private final LogBook talk =
            new LogBook(
                    Map.of(
                            "io.r2dbc", Level.DEBUG,
                            "nod", Level.DEBUG,
                            "org.apache.kafka.clients", Level.DEBUG,
                            "org.apache.kafka.common.config", Level.INFO,
                            "org.apache.kafka.common.security", Level.DEBUG,
                            "org.flywaydb", Level.DEBUG,
                            "org.springframework.boot", Level.DEBUG,
                            "org.springframework.core.env", Level.DEBUG,
                            "org.springframework.kafka", Level.DEBUG,
                            "org.springframework.r2dbc", Level.DEBUG));

    private Path folder;
    private Authority authority;
    private SecuredServers servers;
    private SecuredServices services;
    private Authentik authentik;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        this.folder = folder;
        authority = new Authority(folder.resolve("authority"), "Nod's test");
        servers = new SecuredServers(folder, authority);
        servers.admit(KafkaRights.all().stream().map(KafkaRights::principal).toList());
        services = new SecuredServices(folder, servers, authority);
        services.start();
        authentik = services.authentik();
        comesUpWhenTheOperatorHasDoneTheirPart();
    }

    @AfterAll
    void stop() {
        services.close();
        servers.close();
        talk.close();
        refusals.close();
    }

    /**
     * The response-collector may create topics for a while, and makes those that it knows; the dead
     * letters of the others are made by the operator.
     */
    private void comesUpWhenTheOperatorHasDoneTheirPart() throws Exception {
        services.phone("early");
        assertThat(start("early").status()).isEqualTo(503);
        await().atMost(PATIENCE)
                .until(() -> saidBy("EventLogHealth", "could not be created", "may not create it"));

        for (var rights : KafkaRights.all()) {
            servers.grant(rights.acls());
        }
        var create = KafkaRights.of(Producer.RESPONSE_COLLECTOR).onAllTopics(AclOperation.CREATE);
        servers.grant(List.of(create));
        await().atMost(PATIENCE)
                .until(
                        () ->
                                servers.topics()
                                        .contains(
                                                "push.response.received.v1.response-collector-dlt"));
        servers.revoke(create);
        servers.createTopics(KafkaRights.topics());
        await().atMost(PATIENCE).until(() -> start("early").status() == 201);
    }

    private boolean saidBy(String logger, String... texts) {
        return talk.lines(texts).stream().anyMatch(line -> line.contains(logger + ":"));
    }

    private Authentik.Answer start(String user) {
        return authentik.tryStart(user, "accept_deny", Map.of());
    }

    @Test
    void aLoginGoesThroughAndNobodyIsRefusedAnything() throws Exception {
        var phone = services.phone("ann");
        refusals.forget();

        var login = authentik.start("ann", "number_matching_3");
        var prompt = phone.awaitPush(PATIENCE);
        assertThat(prompt.txId()).isEqualTo(login.txId());
        phone.answer(prompt, login.rightItem());

        assertThat(authentik.await(login).status()).isEqualTo("accept");
        try (var log = eventLog(OutcomeDecided.class, Topic.OUTCOME_DECIDED)) {
            var outcome = log.await(login.txId().toString()).event();
            assertThat(outcome.status()).isEqualTo(TransactionStatus.ACCEPT);
        }
        await().atMost(PATIENCE)
                .until(() -> authentik.show(login).delivery(phone.device()).equals("accepted"));
        assertThat(refusals.lines("Denied")).isEmpty();
        assertThat(encryptionByRole())
                .containsOnlyKeys("nod_gateway", "nod_dispatcher", "nod_response_collector")
                .doesNotContainValue(false);
    }

    private <E extends Event> EventLogReader<E> eventLog(Class<E> type, Topic topic) {
        var auditor = servers.client(KafkaRights.ofAuditors().principal());
        return new EventLogReader<>(auditor, topic.topicName(), type);
    }

    /** Of those who are connected to the database but its owner: whether all do so over TLS. */
    private Map<String, Boolean> encryptionByRole() throws SQLException {
        var encryption = new HashMap<String, Boolean>();
        try (var connection = servers.connect();
                var rows =
                        connection
                                .createStatement()
                                .executeQuery(
                                        """
                                        SELECT usename, bool_and(ssl)
                                        FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                                        WHERE usename LIKE 'nod_%' GROUP BY usename
                                        """)) {
            while (rows.next()) {
                encryption.put(rows.getString(1), rows.getBoolean(2));
            }
        }
        return encryption;
    }

    @ParameterizedTest
    @EnumSource
    void aServiceWritesItsOwnTopicsAlone(Producer service) throws Exception {
        var rights = KafkaRights.of(service);
        var refused = new HashSet<String>();
        try (var producer =
                new KafkaProducer<>(
                        servers.client(rights.principal()),
                        new StringSerializer(),
                        new StringSerializer())) {
            for (var topic : KafkaRights.topics()) {
                if (!rights.writes().contains(topic)) {
                    assertThatThrownBy(() -> producer.send(new ProducerRecord<>(topic, "no")).get())
                            .as(topic)
                            .hasCauseInstanceOf(TopicAuthorizationException.class);
                    refused.add(topic);
                }
            }
        }
        assertThat(Arrays.stream(Topic.values()).filter(topic -> topic.producer() != service))
                .isNotEmpty()
                .allSatisfy(topic -> assertThat(refused).contains(topic.topicName()));
    }

    @ParameterizedTest
    @EnumSource
    void aServiceMayDoWithTopicsWhatThePageSaysAndNothingElse(Producer service) throws Exception {
        var rights = KafkaRights.of(service);
        try (var admin = Admin.create(servers.client(rights.principal()))) {
            var topics =
                    admin.describeTopics(
                                    KafkaRights.topics(),
                                    new DescribeTopicsOptions().includeAuthorizedOperations(true))
                            .allTopicNames()
                            .get();
            assertThat(topics.values())
                    .hasSameSizeAs(KafkaRights.topics())
                    .allSatisfy(
                            topic ->
                                    assertThat(topic.authorizedOperations())
                                            .as(topic.name())
                                            .isEqualTo(operations(rights, topic.name())));
        }
    }

    private static Set<AclOperation> operations(KafkaRights rights, String topic) {
        var operations = new HashSet<>(KafkaRights.LOOKS);
        if (rights.reads().contains(topic)) {
            operations.add(AclOperation.READ);
        }
        if (rights.writes().contains(topic)) {
            operations.add(AclOperation.WRITE);
        }
        return operations;
    }

    @Test
    void nobodyGetsInWithoutTls() {
        var plain =
                Map.<String, Object>of(
                        "bootstrap.servers",
                        servers.bootstrapServers(),
                        "request.timeout.ms",
                        1_000,
                        "default.api.timeout.ms",
                        2_000);
        try (var admin = Admin.create(plain)) {
            assertThatThrownBy(() -> admin.describeCluster().nodes().get())
                    .hasCauseInstanceOf(TimeoutException.class);
        }
        assertThatThrownBy(
                        () ->
                                servers.plainly(
                                        "nod_gateway", SecuredServers.passwordOf("nod_gateway")))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("no encryption");
        var clear = URI.create("http://localhost:%d/".formatted(services.forPhones.getPort()));
        assertThatThrownBy(() -> get(CheckedHttpClient.of(clear), clear))
                .isInstanceOf(IOException.class);
    }

    /** Whether the authority is another one, or the name. */
    @Test
    void aServiceThatDoesNotTrustTheDatabaseIsNotReadyAndSaysWhy() throws Exception {
        isNotReady(
                "response-collector",
                Map.of("spring.r2dbc.url", servers.r2dbcUrl("localhost", stranger())),
                "unable to find valid certification path");
        isNotReady(
                "response-collector",
                Map.of("spring.r2dbc.url", servers.r2dbcUrl("127.0.0.1", authority)),
                "No subject alternative names");
    }

    @Test
    void aServiceThatKafkaDoesNotLetInIsNotReadyAndSaysWhy() throws Exception {
        isNotReady(
                "dispatcher",
                Map.of("kafka.password", "another"),
                "invalid credentials with SASL mechanism SCRAM-SHA-512");
    }

    private void isNotReady(String service, Map<String, String> different, String reason)
            throws Exception {
        var before = said(reason);
        var port = Port.anyFree();
        var health = URI.create("http://127.0.0.1:%d/".formatted(port));
        try (var running = services.start(service, port, different)) {
            assertThat(running).isNotNull();
            await().atMost(PATIENCE).until(() -> said(reason) > before);
            var client = CheckedHttpClient.of(services.forPhones, health);
            assertThat(get(client, health.resolve("actuator/health/readiness"))).isEqualTo(503);
        }
    }

    private long said(String reason) {
        return Stream.of("WARN ", "ERROR ")
                .mapToLong(level -> talk.lines(level, reason).size())
                .sum();
    }

    private Authority stranger() {
        return new Authority(folder.resolve("strange"), "Stranger");
    }

    private static int get(HttpClient client, URI uri) throws Exception {
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void theGatewayOfAuthentikServesNobodyWithoutItsCertificate() {
        var strange = stranger().issue("authentik");

        assertThat(services.authentik().call("GET", "", null).status()).isEqualTo(200);
        for (var tls : List.of(authority.trusted(), strange.trusting(authority))) {
            var client = services.authentik(tls);
            assertThatThrownBy(() -> client.call("GET", "", null))
                    .hasCauseInstanceOf(IOException.class);
        }
        // Nor is its key worth anything where no certificate is asked for.
        assertThat(services.thief().call("GET", "", null).status()).isEqualTo(403);
    }

    @Test
    void gatewaysSpeakNoVersionOfTlsThatIsOldOrNotAllowed() throws Exception {
        assertThat(TlsProbe.answerTo(TlsProbe.TLS_1_1, services.forPhones))
                .isEqualTo(TlsProbe.PROTOCOL_VERSION);
        assertThat(TlsProbe.answerTo(TlsProbe.TLS_1_2, services.forPhones))
                .isEqualTo(TlsProbe.SERVER_HELLO);
        assertThat(TlsProbe.answerTo(TlsProbe.TLS_1_2, services.forAuthentik))
                .isEqualTo(TlsProbe.PROTOCOL_VERSION);
    }

    @Test
    void aNewCertificateIsShownWithoutARestart() throws Exception {
        var before = services.gateway.serial();
        assertThat(shown(services.forPhones)).isEqualTo(before);

        services.gateway.renew("gateway", "localhost");

        assertThat(services.gateway.serial()).isNotEqualTo(before);
        await().atMost(PATIENCE)
                .until(() -> shown(services.forPhones).equals(services.gateway.serial()));
    }

    private String shown(URI gateway) throws IOException {
        return TlsProbe.serial(gateway, authority.trusted());
    }

    @Test
    void theCommandsGetInToo(CapturedOutput output) throws Exception {
        var broken = "no event, " + UUID.randomUUID();
        var gateway = servers.client(KafkaRights.of(Producer.GATEWAY).principal());
        try (var producer =
                new KafkaProducer<>(gateway, new StringSerializer(), new StringSerializer())) {
            producer.send(
                            new ProducerRecord<>(
                                    Topic.TRANSACTION_STARTED.topicName(), broken, broken))
                    .get();
        }
        var commands =
                services.arguments(
                        "dispatcher",
                        KafkaRights.ofWhoAdministersDeadLetters().principal(),
                        Map.of());

        await().atMost(PATIENCE)
                .until(
                        () -> {
                            assertThat(deadLetters(commands, "list")).isZero();
                            return output.getOut().contains(broken);
                        });
        var topic = Topic.TRANSACTION_STARTED.deadLetterTopicName("dispatcher");
        var place = output.getOut().lines().filter(line -> line.contains(broken)).findFirst();
        var words = place.orElseThrow().substring(place.orElseThrow().indexOf(topic)).split(" +");
        assertThat(deadLetters(commands, "dismiss", topic, words[1], words[2])).isZero();
        // A service may bury its dead and never see them again.
        assertThat(
                        deadLetters(
                                services.arguments("dispatcher", "nod-dispatcher", Map.of()),
                                "list"))
                .isEqualTo(1);
        assertThat(output.getErr()).contains("Not authorized to access topics");
    }

    private static int deadLetters(List<String> settings, String... words) {
        return DeadLettersMain.run(Producer.DISPATCHER, line("dead-letters", settings, words));
    }

    private static String[] line(String command, List<String> settings, String... words) {
        return Stream.of(List.of(command), List.of(words), settings)
                .flatMap(List::stream)
                .toArray(String[]::new);
    }

    @Test
    void theCommandsOfTheDatabaseGetInToo() {
        assertThat(MigrateMain.run(line("migrate", ofTheGateway(servers.jdbcUrl())))).isZero();
        assertThat(ApiKeyMain.run(line("api-key", ofTheGateway(servers.jdbcUrl()), "list")))
                .isZero();
        assertThat(MigrateMain.run(line("migrate", ofTheGateway(servers.jdbcUrl(stranger())))))
                .isEqualTo(1);
    }

    private List<String> ofTheGateway(String jdbcUrl) {
        return services.arguments(
                "gateway",
                "nod-gateway",
                Map.of("spring.flyway.url", jdbcUrl, "spring.flyway.connect-retries", "0"));
    }

    /** Whatever the clients and Spring tell of themselves. */
    @Test
    void noPasswordIsLogged() {
        assertThat(talk.lines("sasl.jaas.config = [hidden]")).isNotEmpty();
        assertThat(talk.lines(SecuredServers.SECRET)).isEmpty();
    }
}
