package nod.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.dispatcher.push.Simulated;
import nod.messaging.event.Envelope;
import nod.messaging.event.Traceparent;
import nod.messaging.publish.EventPublisher;
import nod.messaging.testing.EventLogReader;
import nod.messaging.testing.TestServers;
import nod.schemas.event.Actor;
import nod.schemas.event.DeliveryReported;
import nod.schemas.event.DeliveryState;
import nod.schemas.event.ItemMode;
import nod.schemas.event.Provider;
import nod.schemas.event.Topic;
import nod.schemas.event.Topic.Producer;
import nod.schemas.event.TransactionContext;
import nod.schemas.event.TransactionStarted;
import nod.simulators.Simulators;
import nod.simulators.fault.Fault;
import nod.simulators.fault.FcmErrorCode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** The whole service, with a real Kafka and PostgreSQL and the providers' simulators. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DispatcherApplicationIT {

    private static final Clock CLOCK = Clock.systemUTC();

    /** As many as are let in flight by default. */
    private static final int AT_FCM = 400;

    /** In line for FCM are then more than at FCM. */
    private static final int CROWD = 1000;

    private static final Duration LIFETIME = Duration.ofSeconds(8);

    private static final nod.simulators.fault.Provider FCM = nod.simulators.fault.Provider.FCM;
    private static final nod.simulators.fault.Provider APNS = nod.simulators.fault.Provider.APNS;

    private final TestServers servers = new TestServers();
    private final Simulators simulators = Simulated.providers();
    private ConfigurableApplicationContext service = start();
    private final EventLogReader<DeliveryReported> reports =
            new EventLogReader<>(
                    servers.bootstrapServers(), Topic.DELIVERY_REPORTED, DeliveryReported.class);

    private ConfigurableApplicationContext start() {
        var settings = new HashMap<String, Object>(servers.propertiesOf(Producer.DISPATCHER));
        settings.putAll(
                Map.of(
                        "spring.config.name", "dispatcher",
                        "server.port", "0",
                        "nod.dispatcher.fcm.service-account", simulators.fcmServiceAccountFile(),
                        "nod.dispatcher.fcm.endpoint", simulators.fcmBaseUri(),
                        "nod.dispatcher.fcm.trusted-certificates",
                                simulators.certificateAuthorityFile()));
        settings.putAll(
                Map.of(
                        "nod.dispatcher.apns.host", simulators.apnsHost(),
                        "nod.dispatcher.apns.port", simulators.apnsPort(),
                        "nod.dispatcher.apns.topic", simulators.config().apnsTopic(),
                        "nod.dispatcher.apns.key-id", simulators.config().apnsKeyId(),
                        "nod.dispatcher.apns.team-id", simulators.config().apnsTeamId(),
                        "nod.dispatcher.apns.signing-key", simulators.apnsSigningKeyFile(),
                        "nod.dispatcher.apns.trusted-certificates",
                                simulators.certificateAuthorityFile()));
        var arguments =
                settings.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new);
        return new SpringApplicationBuilder(DispatcherApplication.class).run(arguments);
    }

    @BeforeAll
    void isReady() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(get("/actuator/health/readiness")).contains("\"UP\""));
    }

    @AfterAll
    void stop() {
        reports.close();
        service.close();
    }

    private String get(String path) throws IOException, InterruptedException {
        var port = service.getEnvironment().getRequiredProperty("local.server.port");
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
            return client.send(request.build(), BodyHandlers.ofString()).body();
        }
    }

    private UUID device(String key, String platform) {
        var pk = UUID.randomUUID();
        execute(
                """
                INSERT INTO device (pk, user_id, name, info, push_key, push_key_version, push_key_set)
                VALUES (?, 'ann', 'phone', ?::jsonb, ?, 5, now())
                """,
                pk,
                "{\"platform\":\"" + platform + "\"}",
                key);
        return pk;
    }

    private void execute(String sql, Object... parameters) {
        try (var connection = servers.connect();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    /** What the gateway does: a row, then its event. */
    private UUID start(Duration lifetime, UUID... devices) {
        var txId = UUID.randomUUID();
        var created = CLOCK.instant().truncatedTo(ChronoUnit.MICROS);
        execute(
                """
                INSERT INTO transaction
                    (tx_id, user_id, devices, mode, item, items, title, body, context, expires)
                VALUES (?, 'ann', ?::uuid[], 'accept_deny', 'accept', '{accept,deny}', 't', 'b',
                        '{}'::jsonb, now() + ?::interval)
                """,
                txId,
                List.of(devices).toString().replace('[', '{').replace(']', '}'),
                lifetime.toMillis() + " milliseconds");
        var event =
                new TransactionStarted(
                        txId,
                        "ann",
                        List.of(devices),
                        ItemMode.ACCEPT_DENY,
                        List.of("accept", "deny"),
                        "Sign-in request",
                        "Approve?",
                        TransactionContext.EMPTY,
                        created,
                        created.plus(lifetime),
                        new Actor(Actor.Kind.API_KEY, "test"));
        service.getBean(EventPublisher.class)
                .publish(new Envelope<>(UUID.randomUUID(), created, Traceparent.start(), event))
                .join();
        return txId;
    }

    private DeliveryReported report(UUID txId, UUID device) {
        return reports.await(txId.toString(), 1).stream()
                .map(Envelope::event)
                .filter(report -> report.device().equals(device))
                .findFirst()
                .orElseThrow();
    }

    private static String appleKey() {
        return UUID.randomUUID().toString().replace("-", "").repeat(2);
    }

    private static String firebaseKey() {
        return "token-" + UUID.randomUUID();
    }

    @Test
    void pushesThroughBothProvidersAndReportsEach() {
        var firebaseKey = firebaseKey();
        var appleKey = appleKey();
        var phone = device(firebaseKey, "android");
        var tablet = device(appleKey, "ios");

        var txId = start(Duration.ofMinutes(1), phone, tablet);

        assertThat(reports.await(txId.toString(), 2)).hasSize(2);
        assertThat(report(txId, phone).state()).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(report(txId, phone).provider()).isEqualTo(Provider.FCM);
        assertThat(report(txId, tablet).state()).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(report(txId, tablet).provider()).isEqualTo(Provider.APNS);
        assertThat(report(txId, tablet).keyVersion()).isEqualTo(5);
        assertThat(simulators.inbox(FCM).received(firebaseKey)).hasSize(1);
        assertThat(simulators.inbox(APNS).received(appleKey)).hasSize(1);
    }

    @Test
    void aDeadKeyIsReportedWhileTheOtherPhoneGetsItsPush() {
        var firebaseKey = firebaseKey();
        simulators.faults().set(FCM, firebaseKey, new Fault.FcmError(FcmErrorCode.UNREGISTERED));
        var phone = device(firebaseKey, "android");
        var tablet = device(appleKey(), "ios");

        var txId = start(Duration.ofMinutes(1), phone, tablet);

        assertThat(reports.await(txId.toString(), 2)).hasSize(2);
        assertThat(report(txId, phone).state()).isEqualTo(DeliveryState.REJECTED);
        assertThat(report(txId, phone).deadKey()).isTrue();
        assertThat(report(txId, phone).reason()).isEqualTo("UNREGISTERED");
        assertThat(report(txId, tablet).state()).isEqualTo(DeliveryState.ACCEPTED);
    }

    @Test
    void aCrowdAtASilentProviderHoldsNoPushForTheOtherBack() {
        var silent = firebaseKey();
        simulators.faults().set(FCM, silent, new Fault.Delay(Duration.ofMinutes(1)));
        var phones = Stream.generate(() -> device(silent, "android")).limit(CROWD).toList();
        var crowd = start(LIFETIME, phones.toArray(UUID[]::new));
        await().until(() -> simulators.inbox(FCM).received(silent).size() == AT_FCM);

        var appleKey = appleKey();
        start(Duration.ofMinutes(1), device(appleKey, "ios"));

        await().atMost(Duration.ofSeconds(4))
                .until(() -> simulators.inbox(APNS).received(appleKey).size() == 1);
        assertThat(simulators.inbox(FCM).received(silent)).hasSize(AT_FCM);
        assertThat(reports.await(crowd.toString(), CROWD))
                .extracting(report -> report.event().state())
                .containsOnly(DeliveryState.UNREACHABLE);
    }

    @Test
    void aProviderThatRecoversIsTriedAgain() {
        var firebaseKey = firebaseKey();
        simulators.faults().set(FCM, firebaseKey, new Fault.ServerError(503), 2);
        var phone = device(firebaseKey, "android");

        var txId = start(Duration.ofMinutes(1), phone);

        assertThat(reports.await(txId.toString())).isNotNull();
        assertThat(report(txId, phone).state()).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(report(txId, phone).attempts()).isEqualTo(3);
    }

    @Test
    void aPushThatIsUnderWaySurvivesARestart() {
        var firebaseKey = firebaseKey();
        simulators.faults().set(FCM, firebaseKey, new Fault.ServerError(503));
        var phone = device(firebaseKey, "android");
        var txId = start(Duration.ofMinutes(5), phone);
        await().until(() -> !simulators.inbox(FCM).received(firebaseKey).isEmpty());

        service.close();
        simulators.faults().clear(FCM, firebaseKey);
        service = start();

        assertThat(reports.await(txId.toString())).isNotNull();
        assertThat(report(txId, phone).state()).isEqualTo(DeliveryState.ACCEPTED);
    }

    @Test
    void refusedCredentialsAreShownAndDoNotEndReadiness() throws Exception {
        var phone = device(firebaseKey(), "android");
        simulators.faults().set(FCM, new Fault.CredentialsRefused());
        try {
            start(Duration.ofMinutes(5), phone);
            await().untilAsserted(
                            () ->
                                    assertThat(get("/actuator/health"))
                                            .contains("credentials refused"));
            assertThat(get("/actuator/health/readiness")).contains("\"UP\"");
            assertThat(get("/actuator/health/liveness")).contains("\"UP\"");
        } finally {
            simulators.faults().clear(FCM);
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () ->
                                assertThat(get("/actuator/health"))
                                        .doesNotContain("credentials refused"));
    }

    @Test
    void measuresWhatItDoes() throws Exception {
        var phone = device(firebaseKey(), "android");
        var txId = start(Duration.ofMinutes(1), phone);
        assertThat(reports.await(txId.toString())).isNotNull();

        await().untilAsserted(
                        () ->
                                assertThat(get("/actuator/prometheus"))
                                        .contains(
                                                "nod_dispatcher_start_to_provider_seconds_count",
                                                "nod_dispatcher_provider_latency_seconds_count",
                                                "nod_dispatcher_in_flight",
                                                "nod_dispatcher_breaker_open",
                                                "nod_dispatcher_reports_total"));
    }
}
