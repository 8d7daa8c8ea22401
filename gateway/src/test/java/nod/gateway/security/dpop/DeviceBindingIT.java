package nod.gateway.security.dpop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.gateway.RunningGateway;
import nod.gateway.contract.RawHttp;
import nod.gateway.security.Access;
import nod.gateway.web.Resource;
import nod.messaging.testing.Apart;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Phones that gave a key, at two gateways on one database, behind a proxy with a prefix. */
@Apart
class DeviceBindingIT {

    private static final String PUBLIC_URL = "https://push.example.org/nod/";
    private static final String INVALID = "{\"detail\":\"Invalid DPoP proof.\"}";
    private static final String CHECK_IN = "check_in/";
    private static final String CALLBACK = "enrollment_callback/";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static TestServers servers;
    private static RunningGateway gateway;
    private static RunningGateway another;
    private static RunningGateway strict;

    private final String user = "user-" + UUID.randomUUID();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private BoundPhone phone;

    @BeforeAll
    static void start() {
        servers = TestServers.apart();
        var settings = Map.of("nod.gateway.public-url", PUBLIC_URL);
        gateway = RunningGateway.start(servers, settings);
        another = RunningGateway.start(servers, settings);
        strict =
                RunningGateway.start(
                        servers,
                        Map.of(
                                "nod.gateway.public-url",
                                PUBLIC_URL,
                                "nod.gateway.enrollment.device-binding",
                                "required"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        another.close();
        strict.close();
    }

    @BeforeEach
    void enrol() {
        phone = BoundPhone.enrol(gateway, TestProof.p256(), user);
    }

    @AfterEach
    void leave() {
        callers.close();
    }

    private String good() {
        return phone.proof("POST", CHECK_IN).sign();
    }

    private static EntityExchangeResult<String> refused(WebTestClient.ResponseSpec answer) {
        var result = answer.expectBody(String.class).returnResult();
        assertThat(result.getResponseBody()).isEqualTo(INVALID);
        assertThat(result.getStatus().value()).isEqualTo(403);
        return result;
    }

    private static void served(WebTestClient.ResponseSpec answer) {
        answer.expectStatus().isNoContent();
    }

    @Test
    void servesAPhoneThatProvesItsKeyAtAnyGateway() {
        served(phone.checkIn(gateway, good()));
        served(phone.checkIn(another, good()));
    }

    @Test
    void servesAPhoneWithAKeyOnEd25519() {
        var other = BoundPhone.enrol(gateway, TestProof.ed25519(), "other-" + user);

        served(other.checkIn(another, other.proof("POST", CHECK_IN).sign()));
        refused(other.checkIn(another));
    }

    static Stream<Arguments> operationsOfPhones() {
        return gateway.resources().stream()
                .filter(DeviceBindingIT::takesDeviceTokens)
                .flatMap(
                        resource ->
                                resource.operations().keySet().stream()
                                        .map(method -> Arguments.of(method.name(), resource)));
    }

    private static boolean takesDeviceTokens(Resource resource) {
        return switch (resource.access()) {
            case DEVICE, DEVICE_OR_ENROLLMENT -> true;
            case ANYONE, DEPLOYMENT, DEPLOYMENT_OR_OWNER, ENROLLMENT -> false;
        };
    }

    /** Before it looks at anything else but the token: an empty body is none of their faults. */
    @ParameterizedTest
    @MethodSource("operationsOfPhones")
    void everyOperationOfAPhoneAsksForAProof(String method, Resource resource) {
        var operation = resource.path().replace("/authenticators/mobile/{uuid}/", "");

        refused(phone.call(gateway, method, operation, null));
        var proof = phone.proof(method, operation).sign();
        var status =
                phone.call(gateway, method, operation, null, proof)
                        .returnResult(Void.class)
                        .getStatus();
        assertThat(status.value()).as(operation).isIn(200, 400);
    }

    @Test
    void theseAreTheOperationsOfPhones() {
        assertThat(operationsOfPhones()).hasSize(5);
        assertThat(gateway.resources())
                .filteredOn(resource -> resource.access() == Access.ENROLLMENT)
                .hasSize(1);
    }

    @Test
    void looksAtTheProofBeforeTheMethodAndTheTokenBeforeTheProof() {
        refused(phone.call(gateway, "DELETE", CHECK_IN, null));
        phone.call(gateway, "DELETE", CHECK_IN, null, phone.proof("DELETE", CHECK_IN).sign())
                .expectStatus()
                .isEqualTo(405);
        gateway.client("nobody")
                .post()
                .uri("/authenticators/mobile/{device}/check_in/", phone.device())
                .header("DPoP", good())
                .exchange()
                .expectBody()
                .json("{\"detail\":\"Token invalid/expired\"}");
    }

    @Test
    void refusesTheProofOfAnotherKey() {
        var thief = new BoundPhone(TestProof.p256(), phone.url(), phone.device(), phone.token());

        refused(phone.checkIn(gateway, thief.proof("POST", CHECK_IN).sign()));
    }

    @Test
    void refusesTheProofOfAnotherRequest() {
        refused(phone.checkIn(gateway, phone.proof("GET", CHECK_IN).sign()));
        refused(phone.checkIn(gateway, phone.proof("POST", "set_notification_key/").sign()));
    }

    @Test
    void refusesTwoProofsThoughEachWouldDo() {
        refused(phone.checkIn(gateway, good(), good()));
    }

    @Test
    void refusesAProofOfLongAgoOrFarAhead() {
        for (long seconds : new long[] {-70, 70}) {
            var at = Instant.now().plusSeconds(seconds).getEpochSecond();

            refused(phone.checkIn(gateway, phone.proof("POST", CHECK_IN).claim("iat", at).sign()));
        }
    }

    @Test
    void refusesAProofForTheEnrollmentTokenWhereTheDeviceTokenIsUsed() {
        var scanned = BoundPhone.scanned(phone.key(), gateway.begin(user));
        var proof =
                TestProof.by(
                        phone.key(), "POST", phone.url(CHECK_IN), scanned.token(), Instant.now());

        refused(phone.checkIn(gateway, proof.sign()));
    }

    @Test
    void passesOverTheQueryOfTheRequestAndOfTheProof() throws IOException {
        var url = phone.url(CHECK_IN);

        served(
                phone.checkIn(
                        gateway, phone.proof("POST", CHECK_IN).claim("htu", url + "?a=b").sign()));
        assertThat(statusOfARequestWithAQuery(phone.proof("GET", "transactions/").sign()))
                .isEqualTo(200);
    }

    /** No operation of a phone has a query: it is not to the letter of the document. */
    private int statusOfARequestWithAQuery(String proof) throws IOException {
        try (var connection = new RawHttp(gateway.port())) {
            return connection
                    .send(
                            """
                            GET /api/v3/authenticators/mobile/%s/transactions/?a=b HTTP/1.1\r
                            Host: localhost\r
                            Authorization: Bearer %s\r
                            DPoP: %s\r
                            \r
                            """
                                    .formatted(phone.device(), phone.token(), proof))
                    .answer()
                    .status();
        }
    }

    @Test
    void takesThePublicUrlFromItsSettingWhateverTheRequestSaysOfItsHost() {
        var evil =
                new BoundPhone(
                        phone.key(), "https://evil.example.org/", phone.device(), phone.token());

        served(spoofed(good()));
        refused(spoofed(evil.proof("POST", CHECK_IN).sign()));
        var asItArrives =
                new BoundPhone(
                        phone.key(), gateway.url().toString(), phone.device(), phone.token());
        refused(phone.checkIn(gateway, asItArrives.proof("POST", CHECK_IN).sign()));
        var withoutPrefix =
                new BoundPhone(
                        phone.key(), "https://push.example.org/", phone.device(), phone.token());
        refused(phone.checkIn(gateway, withoutPrefix.proof("POST", CHECK_IN).sign()));
    }

    private WebTestClient.ResponseSpec spoofed(String proof) {
        return gateway.client(phone.token())
                .post()
                .uri("/authenticators/mobile/{device}/check_in/", phone.device())
                .header("DPoP", proof)
                .header("Host", "evil.example.org")
                .header("Forwarded", "host=evil.example.org;proto=https")
                .header("X-Forwarded-Host", "evil.example.org")
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Prefix", "/")
                .bodyValue(BoundPhone.info(Map.of()))
                .exchange();
    }

    @Test
    void takesAProofOnce() {
        var proof = good();

        served(phone.checkIn(gateway, proof));
        refused(phone.checkIn(gateway, proof));
        served(phone.checkIn(gateway, good()));
    }

    @Test
    void takesAProofOnceOnWhicheverGateway() {
        var proof = good();

        served(phone.checkIn(gateway, proof));
        refused(phone.checkIn(another, proof));
    }

    @Test
    void aProofThatIsWrongUsesNothingUp() {
        var jti = UUID.randomUUID().toString();
        var wrong = phone.proof("GET", CHECK_IN).claim("jti", jti).sign();

        refused(phone.checkIn(gateway, wrong));

        served(phone.checkIn(gateway, phone.proof("POST", CHECK_IN).claim("jti", jti).sign()));
    }

    @Test
    void twoPhonesMayHitOnTheSameJti() {
        var other = BoundPhone.enrol(gateway, TestProof.p256(), "other-" + user);

        served(phone.checkIn(gateway, phone.proof("POST", CHECK_IN).claim("jti", "1").sign()));
        served(other.checkIn(gateway, other.proof("POST", CHECK_IN).claim("jti", "1").sign()));
    }

    /** Both gateways have found the proof right before either may write it down. */
    @Test
    void ofTheSameProofAtTwoGatewaysAtOnceOnePasses() throws Exception {
        var proof = good();
        List<CompletableFuture<Integer>> statuses;
        try (var lock = lockUsedProofs()) {
            statuses =
                    List.of(
                            async(() -> status(phone.checkIn(gateway, proof))),
                            async(() -> status(phone.checkIn(another, proof))));
            await().atMost(PATIENCE).until(() -> waiting(lock).length == 2);
            lock.rollback();
        }

        assertThat(statuses)
                .extracting(CompletableFuture::join)
                .containsExactlyInAnyOrder(204, 403);
    }

    @Test
    void theDatabaseGoingAwayBeforeAProofIsWrittenDownIsNoRefusal() throws Exception {
        var proof = good();
        CompletableFuture<EntityExchangeResult<String>> answer;
        try (var lock = lockUsedProofs()) {
            answer =
                    async(
                            () ->
                                    phone.checkIn(gateway, proof)
                                            .expectBody(String.class)
                                            .returnResult());
            await().atMost(PATIENCE).until(() -> waiting(lock).length == 1);
            end(waiting(lock)[0]);
            assertThat(answer.get().getStatus().value()).isEqualTo(503);
            assertThat(answer.get().getResponseHeaders().getFirst("Retry-After")).isEqualTo("1");
            lock.rollback();
        }

        // The pool may hand out the ended connection once more.
        var again =
                await().atMost(PATIENCE)
                        .until(
                                () -> status(phone.checkIn(gateway, proof)),
                                status -> status != 503);
        assertThat(again).isEqualTo(204);
    }

    private <T> CompletableFuture<T> async(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, callers);
    }

    private static int status(WebTestClient.ResponseSpec answer) {
        return answer.returnResult(Void.class).getStatus().value();
    }

    private static Connection lockUsedProofs() throws SQLException {
        var connection = servers.connect();
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("LOCK TABLE dpop_jti IN EXCLUSIVE MODE");
        }
        return connection;
    }

    /** The sessions that wait for this one. */
    private static Integer[] waiting(Connection holder) throws SQLException {
        try (var statement = holder.createStatement();
                var row =
                        statement.executeQuery(
                                """
                                SELECT array_agg(pid) FROM pg_stat_activity
                                WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))
                                """)) {
            row.next();
            var pids = row.getArray(1);
            return pids == null ? new Integer[0] : (Integer[]) pids.getArray();
        }
    }

    private static void end(int session) throws SQLException {
        try (var connection = servers.connect();
                var statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(" + session + ")");
        }
    }

    @Test
    void aRefusalSaysWhatTimeItIsAndCountsAsNoBadCredential() {
        var counter = gateway.metrics().counter("nod.gateway.dpop.refused", "reason", "missing");
        var before = counter.count();
        var failures = badCredentials();

        var date = refused(phone.checkIn(gateway)).getResponseHeaders().getFirstDate("Date");

        assertThat(Instant.ofEpochMilli(date))
                .isBetween(Instant.now().minusSeconds(10), Instant.now());
        assertThat(counter.count()).isEqualTo(before + 1);
        assertThat(badCredentials()).isEqualTo(failures);
    }

    private static double badCredentials() {
        return gateway.metrics()
                .counter("nod.gateway.credential.failures", "answer", "refused")
                .count();
    }

    @Test
    void aCallbackThatBringsAKeyWithoutItsProofSpendsNothing() {
        var scanned = BoundPhone.scanned(TestProof.p256(), gateway.begin(user));
        var thief =
                new BoundPhone(TestProof.p256(), scanned.url(), scanned.device(), scanned.token());
        var body = scanned.callback(user);

        refused(scanned.call(gateway, "POST", CALLBACK, body));
        refused(
                scanned.call(
                        gateway, "POST", CALLBACK, body, thief.proof("POST", CALLBACK).sign()));
        refused(
                scanned.call(
                        gateway,
                        "POST",
                        CALLBACK,
                        body,
                        TestProof.by(
                                        scanned.key(),
                                        "POST",
                                        scanned.url(CALLBACK),
                                        phone.token(),
                                        Instant.now())
                                .sign()));
        assertThat(waitsForItsCallback(scanned)).isTrue();
        scanned.enrolled(gateway, user);
        assertThat(waitsForItsCallback(scanned)).isFalse();
    }

    /** Asked as a browser does, which has the enrollment token and no key. */
    private static boolean waitsForItsCallback(BoundPhone scanned) {
        var answer =
                scanned.call(gateway, "POST", "enrollment_status/", null).expectStatus().isOk();
        return RunningGateway.body(answer).path("status").asString().equals("waiting");
    }

    @Test
    void aCallbacksProofIsTakenOnceToo() {
        var scanned = BoundPhone.scanned(phone.key(), gateway.begin(user));
        var proof = scanned.proof("POST", CALLBACK).sign();
        var taken = BoundPhone.enrol(gateway, TestProof.p256(), "other-" + user);

        // Another user's phone is refused after the proof was taken.
        scanned.call(
                        gateway,
                        "POST",
                        CALLBACK,
                        scanned.callback("other-" + user + "'s phone"),
                        proof)
                .expectStatus()
                .isBadRequest();
        refused(scanned.call(another, "POST", CALLBACK, scanned.callback(user), proof));
        scanned.enrolled(another, user);
        served(taken.checkIn(gateway, taken.proof("POST", CHECK_IN).sign()));
    }

    @Test
    void aCheckInChangesNoKey() {
        var other = TestProof.p256();
        var others = Map.<String, Object>of("public_key", other.toPublicJWK().toJSONObject());

        served(phone.call(gateway, "POST", CHECK_IN, BoundPhone.info(others), good()));

        served(phone.checkIn(gateway, good()));
        var pretender = new BoundPhone(other, phone.url(), phone.device(), phone.token());
        refused(phone.checkIn(gateway, pretender.proof("POST", CHECK_IN).sign()));
    }

    @Test
    void enrollingAgainBringsAnotherKeyOrNone() {
        var uid = user + "'s phone";

        var again = BoundPhone.scanned(TestProof.ed25519(), gateway.begin(user));
        again = again.enrolled(gateway, uid);
        served(again.checkIn(gateway, again.proof("POST", CHECK_IN).sign()));
        refused(again.checkIn(gateway));

        var without = gateway.enrol(user, uid);
        assertThat(without.answer(UUID.randomUUID(), "deny")).isEqualTo(404);
    }

    @Test
    void asksAPhoneWithoutAKeyForNothingAndPassesOverItsProof() {
        var plain = gateway.enrol(user, "plain-" + user);
        var asBound =
                new BoundPhone(
                        TestProof.p256(), PUBLIC_URL, plain.device().toString(), plain.token());

        served(asBound.checkIn(gateway));
        served(asBound.checkIn(gateway, "nonsense"));
        served(asBound.checkIn(gateway, "a", "b"));
        var proof = asBound.proof("POST", CHECK_IN).sign();
        served(asBound.checkIn(gateway, proof));
        served(asBound.checkIn(gateway, proof));
    }

    @Test
    void aDeploymentThatInsistsOnKeysRefusesAPhoneWithoutUntilItEnrolsAgain() {
        var plain = gateway.enrol(user, "plain-" + user);
        var before =
                new BoundPhone(
                        TestProof.p256(), PUBLIC_URL, plain.device().toString(), plain.token());

        refused(before.checkIn(strict));
        refused(before.checkIn(strict, before.proof("POST", CHECK_IN).sign()));
        var again =
                BoundPhone.scanned(before.key(), strict.begin(user))
                        .enrolled(strict, "plain-" + user);
        served(again.checkIn(strict, again.proof("POST", CHECK_IN).sign()));
    }

    @Test
    void aDeploymentThatInsistsOnKeysEnrolsNoPhoneWithout() {
        strict.callback(strict.begin(user), "keyless")
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .json(
                        """
                        {"info": {"others": {"public_key": [
                            "This gateway enrols only phones that give a public key."]}}}
                        """);
    }
}
