package nod.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.RunningGateway;
import nod.gateway.RunningGateway.EnrolledPhone;
import nod.gateway.contract.RawHttp;
import nod.gateway.contract.RawHttp.Answer;
import nod.messaging.testing.Apart;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;

/** What nobody sends who means well: a clear refusal, a bounded cost, a live server. */
@Apart
class BadInputIT {

    private static final String DEVICES = "/api/v3/authenticators/mobile/";

    private static RunningGateway gateway;
    private static EnrolledPhone phone;

    @BeforeAll
    static void start() {
        gateway =
                RunningGateway.start(
                        TestServers.apart(), Map.of("nod.gateway.body-timeout", "700ms"));
        phone = gateway.enrol("bad-input");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void isAlive() {
        gateway.deployment().get().uri("/authenticators/mobile/").exchange().expectStatus().isOk();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"user\": \"a\", \"user\": \"b\"}",
                "{\"user\": \"a\"} {\"user\": \"b\"}",
                "{\"user\": \"half \\ud83d of a pair\"}",
                "{\"user\": \"a\", \"more\": 1e400}",
                "{\"user\": \"a\", \"more\": -1e999999999}",
                "{\"user\": \"a\", \"more\": NaN}",
                "{\"user\": \"a\",}",
                "{'user': 'a'}",
                "\uFEFF{\"user\": \"a\"}",
                "{\"user\": \"a\" // comment\n}",
                "",
                "   ",
                "\u0000"
            })
    void refusesWhatIsNoPlainJson(String body) throws IOException {
        var answer = post("", body.getBytes(StandardCharsets.UTF_8));

        assertThat(answer.status()).isEqualTo(400);
        if (!body.isEmpty()) {
            assertThat(detail(answer)).startsWith("JSON parse error - ");
        }
    }

    @Test
    void refusesBytesThatAreNoUtf8() throws IOException {
        var body = "{\"user\": \"Andr\u00e9\"}";

        assertThat(detail(post("", body.getBytes(StandardCharsets.ISO_8859_1))))
                .isEqualTo("JSON parse error - expected UTF-8");
        assertThat(post("", body.getBytes(StandardCharsets.UTF_16)).status()).isEqualTo(400);
        assertThat(post("", body.getBytes(StandardCharsets.UTF_8)).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "{\"user\":{\"a\":["})
    void refusesDeepNesting(String level) throws IOException {
        var answer =
                post("", level.repeat(60_000 / level.length()).getBytes(StandardCharsets.UTF_8));

        assertThat(detail(answer)).startsWith("JSON parse error - expected at most 100 levels");
    }

    @Test
    void refusesNumbersOfManyDigits() throws IOException {
        var answer =
                post(
                        "",
                        ("{\"user\": " + "9".repeat(60_000) + "}")
                                .getBytes(StandardCharsets.UTF_8));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(detail(answer)).contains("1000 digits");
    }

    /** What PostgreSQL's jsonb would not take. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"x\": 1e400}", "{\"x\": \"\\u0000\"}", "{\"\\u0000\": 1}"})
    void refusesInfoThatCanNotBeKept(String others) {
        assertThat(checkIn(others)).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"x\": 1e308}",
                "{\"x\": \"\\\\u0000 is no NUL\"}",
                "{\"x\": \"\\ud83d\\ude00\"}",
                "{\"x\": {\"x\": {\"x\": [1, null, true, 0.1]}}}"
            })
    void takesInfoThatOnlyLooksOdd(String others) {
        assertThat(checkIn(others)).isEqualTo(204);
    }

    @Test
    void refusesTenMegabytesWithoutReadingThem() throws IOException {
        try (var connection = connect()) {
            var answer =
                    connection
                            .send(head("", "Content-Length: 10000000") + "{\"user\": \"")
                            .answer();

            assertThat(answer.status()).isEqualTo(413);
            assertThat(detail(answer)).isEqualTo("Request body exceeds 65536 bytes.");
            assertThat(answer.hasHeader("connection")).isTrue();
        }
    }

    @Test
    void readsAnEndlessBodyNoFurtherThanTheLimit() throws IOException {
        try (var connection = connect()) {
            connection.send(head("", "Transfer-Encoding: chunked"));
            var chunk = ("4000\r\n" + "x".repeat(0x4000) + "\r\n").getBytes(StandardCharsets.UTF_8);
            long taken = connection.sendUntilClosed(chunk, 200_000_000);

            // The limit, and what the buffers of two sockets hold.
            assertThat(taken).isLessThan(20_000_000);
        }
    }

    @Test
    void cutsASlowBodyOffAndServesOthersMeanwhile() throws IOException {
        var slow = new ArrayList<RawHttp>();
        try {
            for (int i = 0; i < 200; i++) {
                slow.add(connect().send(head("", "Content-Length: 100") + "{\"user\""));
            }
            isAlive();
            for (var connection : slow) {
                var answer = connection.answer();
                assertThat(answer.status()).isEqualTo(408);
                assertThat(detail(answer)).isEqualTo("Request body did not come within 700 ms.");
            }
        } finally {
            for (var connection : slow) {
                connection.close();
            }
        }
    }

    @Test
    void putsNothingOfARequestIntoTheHeadersOfItsAnswer() throws IOException {
        for (var line :
                new String[] {
                    "Content-Type: text/plain\rX-Evil: 1",
                    "Content-Type: text/x-\u0000\nX-Evil: 1",
                    "Idempotency-Key: a\nX-Evil: 1",
                    "Traceparent: 00-x\r\n X-Evil: 1"
                }) {
            var answer =
                    send("POST", DEVICES + "transactions/", line + "\r\nContent-Length: 2", "{}");

            assertThat(answer.status()).as(line).isBetween(400, 499);
            assertThat(answer.hasHeader("x-evil")).as(line).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?name=%00",
                "?user=%00",
                "locks/%00/",
                "%00/",
                "%zz/",
                "?name=%zz",
                "?page=%00",
                "?page=99999999999999999999",
                "?page=-1",
                "..%2f/",
                "%ff%fe/",
                "transactions/%00/?wait=%00"
            })
    void refusesPathsAndQueriesThatNameNothing(String path) throws IOException {
        var method = path.startsWith("locks") ? "DELETE" : "GET";
        var answer = send(method, DEVICES + path, "X: y", "");

        assertThat(answer.status()).isBetween(400, 404);
        assertThat(answer.body()).startsWith("{");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?search=%00", "?ordering=%00", "?page_size=%00", "?%00=%00", "?a&&=&"})
    void passesOverWhatMeansNothing(String query) throws IOException {
        assertThat(send("GET", DEVICES + query, "X: y", "").status()).isEqualTo(200);
    }

    @Test
    void refusesHeadersAndLinesThatAreTooLong() throws IOException {
        for (var answer :
                new Answer[] {
                    send("GET", DEVICES + "?name=" + "x".repeat(20_000), "X: y", ""),
                    send("GET", DEVICES, "X: " + "x".repeat(100_000), "")
                }) {
            // 0: what was left unread made the closed connection swallow the answer.
            assertThat(answer.status()).matches(status -> status == 0 || status / 100 == 4);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n\r\n",
                "nonsense\r\n\r\n",
                "GET\r\n\r\n",
                "\u0016\u0003\u0001",
                "G\u0000T / HTTP/1.1\r\n\r\n"
            })
    void survivesWhatIsNoHttp(String text) throws IOException {
        try (var connection = connect()) {
            connection.send(text);
        }
    }

    private static int checkIn(String others) {
        var body =
                """
                {"platform": "ios", "os_version": "1", "model": "m", "hostname": "h",
                 "app_version": "1", "others": %s}
                """
                        .formatted(others);
        return phone.client()
                .post()
                .uri("/authenticators/mobile/{uuid}/check_in/", phone.device())
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange()
                .returnResult(Void.class)
                .getStatus()
                .value();
    }

    private static Answer post(String path, byte[] body) throws IOException {
        try (var connection = connect()) {
            return connection
                    .send(head(path, "Content-Length: " + body.length))
                    .send(body)
                    .answer();
        }
    }

    private static Answer send(String method, String path, String header, String body)
            throws IOException {
        try (var connection = connect()) {
            return connection
                    .send(
                            """
                            %s %s HTTP/1.1\r
                            Host: localhost\r
                            Authorization: Bearer %s\r
                            %s\r
                            \r
                            %s\
                            """
                                    .formatted(method, path, RunningGateway.API_KEY, header, body))
                    .answer();
        }
    }

    private static String head(String path, String header) {
        return """
        POST %s%s HTTP/1.1\r
        Host: localhost\r
        Authorization: Bearer %s\r
        Content-Type: application/json\r
        %s\r
        \r
        """
                .formatted(DEVICES, path, RunningGateway.API_KEY, header);
    }

    private static RawHttp connect() throws IOException {
        return new RawHttp(gateway.port());
    }

    private static String detail(Answer answer) {
        return JsonMapper.shared().readTree(answer.body()).path("detail").asString();
    }
}
