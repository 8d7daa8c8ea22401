package nod.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.RunningGateway;
import nod.gateway.RunningGateway.EnrolledPhone;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.WebTestClient;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A gateway behind a proxy that it trusts, which is the tests' own client: every test comes from
 * addresses of its own. Another one trusts nobody.
 */
class ThrottleIT {

    private static final int LIMIT = 60;

    /** Higher, so that it does not come in between. */
    private static final int DEVICE_LIMIT = 90;

    private static final String PATH = "/authenticators/mobile/";
    private static final String NO_PERMISSION =
            "You do not have permission to perform this action.";

    private static final List<String> BAD =
            List.of("Bearer nobody", "Bearer " + "a".repeat(43), "Bearer a.b.c", "Basic x", "x");

    private static final TestServers servers = new TestServers();
    private static RunningGateway gateway;
    private static RunningGateway open;
    private static EnrolledPhone phone;

    @BeforeAll
    static void start() {
        gateway = start(Map.of("nod.gateway.trusted-proxies", "127.0.0.0/8, ::1/128"));
        open = start(Map.of("spring.main.cloud-platform", "kubernetes"));
        phone = gateway.enrol("7");
    }

    private static RunningGateway start(Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.put("nod.gateway.throttle.credential-failures-per-minute", "" + LIMIT);
        all.put("nod.gateway.throttle.device-failures-per-minute", "" + DEVICE_LIMIT);
        return RunningGateway.start(servers, all);
    }

    @AfterAll
    static void stop() {
        // Together: whichever is closed takes the connections of the other with it.
        open.close();
        gateway.close();
    }

    /** The client as if it came from there. */
    private static WebTestClient from(String forwardedFor, WebTestClient client) {
        return client.mutate().defaultHeader("X-Forwarded-For", forwardedFor).build();
    }

    private static WebTestClient from(String forwardedFor) {
        return from(forwardedFor, gateway.anonymous());
    }

    private static WebTestClient.ResponseSpec list(WebTestClient client) {
        return client.get().uri(PATH).exchange();
    }

    private static int status(WebTestClient.ResponseSpec answer) {
        return answer.returnResult(Void.class).getStatus().value();
    }

    /** So many failures, of every kind in turn; how they were answered. */
    private static Stream<Integer> fail(WebTestClient client, int times) {
        return IntStream.range(0, times)
                .mapToObj(
                        time ->
                                status(
                                        client.get()
                                                .uri(PATH)
                                                .header(
                                                        HttpHeaders.AUTHORIZATION,
                                                        BAD.get(time % BAD.size()))
                                                .exchange()));
    }

    private static WebTestClient throttled(String address) {
        var client = from(address);
        assertThat(fail(client, LIMIT)).containsOnly(403);
        return client;
    }

    @Test
    void throttlesWhoeverFailsTooOftenAndSaysUntilWhen() {
        var answer = list(throttled("192.0.2.1")).expectBody(String.class).returnResult();

        assertThat(answer.getStatus().value()).isEqualTo(429);
        var seconds = answer.getResponseHeaders().getFirst(HttpHeaders.RETRY_AFTER);
        assertThat(Integer.parseInt(String.valueOf(seconds))).isBetween(1, 60);
        assertThat(answer.getResponseBody())
                .isIn(
                        "{\"detail\":\"Request was throttled. Expected available in %s seconds.\"}"
                                .formatted(seconds),
                        "{\"detail\":\"Request was throttled. Expected available in 1 second.\"}");
    }

    @Test
    void throttlesEveryKindOfFailure() {
        var client = throttled("192.0.2.2");

        assertThat(fail(client, BAD.size())).containsOnly(429);
        assertThat(status(list(client))).isEqualTo(429);
    }

    @Test
    void countsAnEnrollmentTokenThatIsSpent() {
        var begun = gateway.begin("8");
        gateway.callback(begun, UUID.randomUUID().toString()).expectStatus().isOk();
        var again = from("192.0.2.3", gateway.client(begun.token()));

        var answers =
                IntStream.rangeClosed(0, LIMIT)
                        .mapToObj(
                                _ ->
                                        status(
                                                again.post()
                                                        .uri(
                                                                PATH
                                                                        + begun.device()
                                                                        + "/enrollment_callback/")
                                                        .exchange()))
                        .toList();

        assertThat(answers.subList(0, LIMIT)).containsOnly(403);
        assertThat(answers.getLast()).isEqualTo(429);
    }

    @Test
    void servesGoodCredentialsOfAThrottledAddress() {
        var address = "192.0.2.4";
        throttled(address);
        var begun = gateway.begin("9");

        list(from(address, gateway.deployment())).expectStatus().isOk();
        from(address, phone.client())
                .post()
                .uri(PATH + phone.device() + "/enrollment_status/")
                .exchange()
                .expectStatus()
                .isOk();
        from(address, gateway.client(begun.token()))
                .post()
                .uri(PATH + begun.device() + "/enrollment_status/")
                .exchange()
                .expectStatus()
                .isOk();
        assertThat(status(list(from(address)))).as("and it still is").isEqualTo(429);
    }

    @Test
    void neitherCountsNorThrottlesGoodCredentialsThatWantTooMuch() {
        var wanting = from("192.0.2.5", phone.client());

        for (int time = 0; time < 2 * LIMIT; time++) {
            assertNoPermission(list(wanting));
        }
        throttled("192.0.2.5");
        assertNoPermission(list(wanting));
    }

    private static void assertNoPermission(WebTestClient.ResponseSpec answer) {
        answer.expectStatus()
                .isForbidden()
                .expectBody()
                .json("{\"detail\": \"" + NO_PERMISSION + "\"}");
    }

    @Test
    void looksAtThePathAndAtAcceptBefore() {
        var client = throttled("192.0.2.6");

        assertThat(status(client.get().uri("/nothing/").exchange())).isEqualTo(404);
        assertThat(status(client.get().uri(PATH).header("Accept", "text/html").exchange()))
                .isEqualTo(406);
        assertThat(status(client.patch().uri(PATH).exchange())).isEqualTo(429);
        assertThat(status(client.get().uri("/schema/").exchange()))
                .as("asks nobody for a credential")
                .isEqualTo(200);
    }

    @Test
    void countsIpv6ByTheNetwork() {
        throttled("2001:db8:0:1::1");

        assertThat(fail(from("[2001:db8:0:1:a:b:c:d]:50123"), 1)).containsOnly(429);
        assertThat(fail(from("2001:db8:0:2::1"), 1)).containsOnly(403);
    }

    @Test
    void believesTheProxyAndNobodyBeforeIt() {
        throttled("192.0.2.7");

        assertThat(fail(from("192.0.2.8"), 1)).containsOnly(403);
        assertThat(fail(from("192.0.2.8, 192.0.2.7"), 1)).containsOnly(429);
    }

    /** On Kubernetes Spring believes everybody, unless it is told not to. */
    @Test
    void believesNobodyUnlessTheDeploymentDoes() {
        var answers = IntStream.rangeClosed(0, LIMIT).mapToObj(ThrottleIT::failUnbelieved).toList();

        assertThat(answers.subList(0, LIMIT)).containsOnly(403);
        assertThat(answers.getLast()).isEqualTo(429);
    }

    /** As if it came from an address that ends in this. */
    private static int failUnbelieved(int last) {
        return status(
                list(
                        from("192.0.2." + last, open.anonymous())
                                .mutate()
                                .defaultHeader("Forwarded", "for=192.0.2." + last)
                                .build()));
    }

    @Test
    void allowsNoMoreToThoseWhoFailAtTheSameMoment() throws Exception {
        int threads = 40;
        var start = new CyclicBarrier(threads);
        Callable<List<Integer>> failing =
                () -> {
                    var client = from("192.0.2.9");
                    start.await();
                    return fail(client, 5).toList();
                };
        try (var pool = Executors.newFixedThreadPool(threads)) {
            var answers = new HashMap<Integer, Integer>();
            for (var some : pool.invokeAll(Collections.nCopies(threads, failing))) {
                some.get().forEach(status -> answers.merge(status, 1, Integer::sum));
            }

            assertThat(answers).isEqualTo(Map.of(403, LIMIT, 429, 5 * threads - LIMIT));
        }
    }

    /** As many machines do that guess the tokens of one phone together. */
    @Test
    void throttlesWhoeverFailsAtOneDeviceFromManyAddresses() {
        var victim = gateway.enrol("10");
        var answers =
                IntStream.rangeClosed(0, DEVICE_LIMIT)
                        .mapToObj(guess -> guess("198.51.100." + guess, victim.device()))
                        .toList();

        assertThat(answers.subList(0, DEVICE_LIMIT)).containsOnly(403);
        assertThat(answers.getLast()).isEqualTo(429);
        assertThat(guess("198.51.100.200", phone.device())).as("another device").isEqualTo(403);
        victim.client()
                .post()
                .uri(PATH + victim.device() + "/enrollment_status/")
                .exchange()
                .expectStatus()
                .isOk();
    }

    private static int guess(String address, UUID device) {
        return status(
                from(address, gateway.client("b".repeat(43)))
                        .get()
                        .uri(PATH + device + "/transactions/")
                        .exchange());
    }

    @Test
    void throttlesEnrolmentsThatFailWithAGoodToken() {
        var begun = gateway.begin("11");
        var enrolling = from("192.0.2.11", gateway.client(begun.token()));
        var uri = PATH + begun.device() + "/enrollment_callback/";
        var answers =
                IntStream.rangeClosed(0, LIMIT)
                        .mapToObj(
                                _ ->
                                        status(
                                                enrolling
                                                        .post()
                                                        .uri(uri)
                                                        .bodyValue(Map.of("device_uid", "x"))
                                                        .exchange()))
                        .toList();

        assertThat(answers.subList(0, LIMIT)).containsOnly(400);
        assertThat(answers.getLast()).isEqualTo(429);
        enrolling
                .post()
                .uri(uri)
                .bodyValue(
                        Map.of(
                                "device_uid",
                                UUID.randomUUID().toString(),
                                "info",
                                RunningGateway.info("phone")))
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void measuresWhatIsRefusedAndWhatIsThrottled() {
        var refused = failures("refused");
        var throttled = failures("throttled");

        fail(throttled("192.0.2.10"), 3).forEach(_ -> {});

        assertThat(failures("refused") - refused).isEqualTo(LIMIT);
        assertThat(failures("throttled") - throttled).isEqualTo(3);
        assertThat(gateway.metrics().get("nod.gateway.throttle.addresses").gauge().value())
                .isPositive();
    }

    private static double failures(String answer) {
        return gateway.metrics()
                .get("nod.gateway.credential.failures")
                .tag("answer", answer)
                .counter()
                .count();
    }
}
