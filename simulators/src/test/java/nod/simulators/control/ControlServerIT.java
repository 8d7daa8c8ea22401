package nod.simulators.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.simulators.fault.ApnsReason;
import nod.simulators.fault.Fault;
import nod.simulators.fault.Faults;
import nod.simulators.fault.FcmErrorCode;
import nod.simulators.fault.Provider;
import nod.simulators.inbox.Inbox;
import nod.simulators.inbox.InboxLimits;
import nod.simulators.wire.Reaction;
import nod.simulators.wire.WireRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

class ControlServerIT {

    private final Faults faults = new Faults();
    private final Inbox fcm = new Inbox(InboxLimits.DEFAULT, Clock.systemUTC());
    private final Inbox apns = new Inbox(InboxLimits.DEFAULT, Clock.systemUTC());
    private final ControlServer server =
            ControlServer.start(
                    "127.0.0.1", 0, provider -> provider == Provider.FCM ? fcm : apns, faults);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        // A client waits for its requests for ever: those that were not answered end here.
        client.shutdownNow();
        server.close();
    }

    @Test
    void showsWhatWasReceivedForAKey() throws Exception {
        receive(fcm, "a:b+c/d", Reaction.Answer.json(200, "{\"name\":\"x\"}"));

        String body = get("/inbox/fcm/a%3Ab+c%2Fd").body();

        assertThat(body)
                .contains("\"sequence\":1", "\"accepted\":true", "\"protocol\":\"HTTP/2.0\"")
                .contains("\"body\":\"{}\"", "\"body_base64\":\"e30=\"", "\"h\":\"1\"")
                .contains("\"kind\":\"answered\",\"delay\":0.0,\"status\":200");
    }

    @Test
    void showsWhatWasDoneInsteadOfAnAnswer() throws Exception {
        receive(
                apns,
                "token",
                new Reaction.Delayed(Duration.ofMillis(1500), new Reaction.Closed()));
        receive(apns, "token", new Reaction.Silent());

        assertThat(get("/inbox/apns/token").body())
                .contains("{\"kind\":\"connection_closed\",\"delay\":1.5}")
                .contains("{\"kind\":\"no_answer\",\"delay\":0.0}");
        assertThat(get("/inbox/fcm/token").body()).isEqualTo("[]");
    }

    @Test
    void namesTheKeys() throws Exception {
        receive(fcm, "one", new Reaction.Silent());
        receive(fcm, "two", new Reaction.Silent());

        assertThat(get("/inbox/fcm").body()).isEqualTo("[\"one\",\"two\"]");
    }

    @Test
    void waitsForTheNextMessage() {
        receive(fcm, "key", new Reaction.Silent());
        CompletableFuture<HttpResponse<String>> waiting =
                client.sendAsync(
                        request("GET", "/inbox/fcm/key?after=1&wait=10", ""),
                        HttpResponse.BodyHandlers.ofString());

        await().during(Duration.ofMillis(200)).until(() -> !waiting.isDone());
        receive(fcm, "key", new Reaction.Silent());

        assertThat(waiting.join().body())
                .contains("\"sequence\":2")
                .doesNotContain("\"sequence\":1,");
    }

    @Test
    void answersWithNothingWhenTheWaitIsOver() throws Exception {
        assertThat(get("/inbox/fcm/key?wait=0.2").body()).isEqualTo("[]");
    }

    @Test
    void letsNobodyWaitForEverWhenItStops() {
        CompletableFuture<HttpResponse<String>> waiting =
                client.sendAsync(
                        request("GET", "/inbox/fcm/key?wait=60", ""),
                        HttpResponse.BodyHandlers.ofString());
        await().during(Duration.ofMillis(200)).until(() -> !waiting.isDone());

        server.close();

        await().atMost(Duration.ofSeconds(5)).until(waiting::isDone);
    }

    @Test
    void forgetsOneKeyOrAll() throws Exception {
        receive(fcm, "one", new Reaction.Silent());
        receive(fcm, "two", new Reaction.Silent());

        assertThat(send("DELETE", "/inbox/fcm/one", "").statusCode()).isEqualTo(204);
        assertThat(fcm.keys()).containsExactly("two");

        assertThat(send("DELETE", "/inbox/fcm", "").statusCode()).isEqualTo(204);
        assertThat(fcm.keys()).isEmpty();
    }

    @Test
    void setsEveryKindOfFault() throws Exception {
        put("/faults/fcm", "{\"kind\":\"fcm_error\",\"code\":\"UNREGISTERED\"}");
        assertTaken(Provider.FCM, new Fault.FcmError(FcmErrorCode.UNREGISTERED));
        put(
                "/faults/apns",
                """
                {"kind":"apns_rejection","reason":"Unregistered",
                 "timestamp":"2026-01-31T12:00:00Z"}
                """);
        assertTaken(
                Provider.APNS,
                new Fault.ApnsRejection(
                        ApnsReason.UNREGISTERED, Instant.parse("2026-01-31T12:00:00Z")));
        put("/faults/fcm", "{\"kind\":\"delay\",\"seconds\":1.25}");
        assertTaken(Provider.FCM, new Fault.Delay(Duration.ofMillis(1250)));
        put("/faults/fcm", "{\"kind\":\"too_many_requests\",\"retry_after\":60}");
        assertTaken(Provider.FCM, new Fault.TooManyRequests(Duration.ofMinutes(1)));
        put("/faults/fcm", "{\"kind\":\"too_many_requests\"}");
        assertTaken(Provider.FCM, new Fault.TooManyRequests(null));
        put("/faults/apns", "{\"kind\":\"server_error\",\"status\":503,\"retry_after\":5}");
        assertTaken(Provider.APNS, new Fault.ServerError(503, Duration.ofSeconds(5)));
        put("/faults/apns", "{\"kind\":\"connection_closed\"}");
        assertTaken(Provider.APNS, new Fault.ConnectionClosed());
        put("/faults/apns", "{\"kind\":\"no_answer\"}");
        assertTaken(Provider.APNS, new Fault.NoAnswer());
        put("/faults/apns", "{\"kind\":\"credentials_refused\"}");
        assertTaken(Provider.APNS, new Fault.CredentialsRefused());
    }

    @Test
    void showsWhatIsSet() throws Exception {
        put("/faults/fcm", "{\"kind\":\"delay\",\"seconds\":2}");
        put("/faults/apns/to%20ken", "{\"kind\":\"no_answer\",\"times\":3}");

        assertThat(get("/faults").body())
                .isEqualTo(
                        "[{\"provider\":\"fcm\",\"key\":null,\"kind\":\"delay\",\"seconds\":2.0,"
                                + "\"times\":null},{\"provider\":\"apns\",\"key\":\"to"
                                + " ken\",\"kind\":\"no_answer\",\"times\":3}]");
    }

    @Test
    void clearsOneFaultOrAll() throws Exception {
        put("/faults/fcm", "{\"kind\":\"no_answer\"}");
        put("/faults/fcm/one", "{\"kind\":\"no_answer\"}");
        put("/faults/fcm/two", "{\"kind\":\"no_answer\"}");

        send("DELETE", "/faults/fcm/one", "");
        assertThat(faults.active()).hasSize(2);
        send("DELETE", "/faults/fcm", "");
        assertThat(faults.active()).hasSize(1);
        send("DELETE", "/faults", "");
        assertThat(faults.active()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    PUT  | /faults/sms         | {"kind":"no_answer"} | 400 | provider: sms, expected fcm or apns
                    PUT  | /faults/fcm         | {"kind":"magic"}     | 400 | kind: "magic", expected fcm_error
                    PUT  | /faults/fcm         | {}                   | 400 | kind: missing, expected fcm_error
                    PUT  | /faults/fcm         | no json              | 400 | body:
                    PUT  | /faults/fcm         | [1]                  | 400 | body: expected a JSON object
                    PUT  | /faults/fcm         | {"kind":"delay"}     | 400 | seconds: missing, expected a number
                    PUT  | /faults/fcm         | {"kind":"server_error","status":"x"} | 400 | status: "x", expected a whole
                    PUT  | /faults/fcm         | {"kind":"no_answer","times":0} | 400 | times: 0, expected 1 or more
                    PUT  | /faults/apns        | {"kind":"fcm_error","code":"INTERNAL"} | 400 | expected one that apns knows
                    GET  | /inbox/fcm/k?wait=x | x                    | 400 | wait: x, expected 0 to 60 seconds
                    GET  | /inbox/fcm/k?wait=61| x                    | 400 | wait: 61, expected 0 to 60 seconds
                    GET  | /inbox/fcm/k?after=-1| x                   | 400 | after: -1, expected a sequence number
                    POST | /inbox/fcm          | x                    | 405 | method: POST, expected GET and DELETE
                    GET  | /nothing            | x                    | 404 | nothing at /nothing
                    """)
    void saysWhatIsWrong(String method, String path, String body, int status, String detail)
            throws Exception {
        HttpResponse<String> answer = send(method, path, body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body().replace("\\", "")).contains(detail);
    }

    @Test
    void isHealthyWhileItRuns() throws Exception {
        assertThat(get("/health").statusCode()).isEqualTo(200);
    }

    private void assertTaken(Provider provider, Fault fault) {
        assertThat(faults.take(provider, "any")).contains(fault);
    }

    private static void receive(Inbox inbox, String key, Reaction reaction) {
        inbox.add(
                key,
                new WireRequest(
                        "HTTP/2.0",
                        "POST",
                        "/",
                        Map.of("h", "1"),
                        "{}".getBytes(StandardCharsets.UTF_8)),
                reaction);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "");
    }

    private void put(String path, String body) throws Exception {
        assertThat(send("PUT", path, body).statusCode()).isEqualTo(204);
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return client.send(request(method, path, body), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
