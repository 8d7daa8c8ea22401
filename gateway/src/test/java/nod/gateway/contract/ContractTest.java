package nod.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of exchange that breaks the contract is found, and one that keeps it is not. */
class ContractTest {

    private static final String DEVICE =
            """
            {"verbose_name": "Mobile Device", "verbose_name_plural": "Mobile Devices",
             "meta_model_name": "authentik_stages_authenticator_mobile.mobiledevice",
             "pk": "7b8f2c1e-9d1c-4b5a-8f7e-0a1b2c3d4e5f", "name": "A phone",
             "type": "authentik_stages_authenticator_mobile.MobileDevice", "confirmed": true,
             "last_checkin": {"platform": "ios", "os_version": "", "model": "", "hostname": "",
                              "app_version": "", "others": {"anything": [1]}}}
            """;

    private static final String TRANSACTION =
            """
            {"tx_id": "7b8f2c1e-9d1c-4b5a-8f7e-0a1b2c3d4e5f", "user": "alice", "devices": [],
             "item_mode": "accept_deny", "item": null, "status": "wait", "reason": null,
             "answered_by": null, "deliveries": [], "created": "2026-01-01T00:00:00Z",
             "expires": "2026-01-01T00:01:00.5Z", "decided": null}
            """;

    private static final String DEVICES = "/api/v3/authenticators/mobile/";
    private static final String ONE = DEVICES + "7b8f2c1e-9d1c-4b5a-8f7e-0a1b2c3d4e5f/";
    private static final String ONE_TRANSACTION =
            DEVICES + "transactions/7b8f2c1e-9d1c-4b5a-8f7e-0a1b2c3d4e5f/";

    @Test
    void findsNothingWhereTheContractIsKept() {
        assertThat(TestExchange.get(ONE).answered(200, DEVICE)).isEmpty();
        assertThat(TestExchange.get(ONE_TRANSACTION).answered(200, TRANSACTION)).isEmpty();
        assertThat(
                        TestExchange.get(ONE_TRANSACTION)
                                .answered(
                                        200,
                                        TRANSACTION.replace(
                                                "\"reason\": null", "\"reason\": \"declined\"")))
                .isEmpty();
        assertThat(TestExchange.delete(ONE).answered(204, "")).isEmpty();
        assertThat(TestExchange.get(ONE).answered(403, "{\"detail\": \"Token invalid/expired\"}"))
                .isEmpty();
        assertThat(TestExchange.get(ONE).answered(404, "{\"detail\": \"Not found.\"}")).isEmpty();
        assertThat(TestExchange.get("/elsewhere").answered(404, "{\"detail\": \"Not found.\"}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"confirmed\": true   | \"confirmed\": \"true\"      | confirmed",
                "\"confirmed\": true,  |                              | confirmed",
                "\"confirmed\": true   | \"confirmed\": null          | confirmed",
                "\"confirmed\": true   | \"confirmed\": true, \"x\": 1 | 'x'",
                "\"ios\"               | \"symbian\"                  | platform",
                "\"model\": \"\"       | \"model\": \"\", \"x\": 1    | 'x'"
            })
    void findsABodyThatIsNotOfItsSchema(String part, String instead, String said) {
        var body = DEVICE.replace(part, instead == null ? "" : instead);

        assertThat(body).isNotEqualTo(DEVICE);
        assertThat(TestExchange.get(ONE).answered(200, body))
                .singleElement()
                .asString()
                .startsWith("response: ")
                .contains(said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"tx_id\": \"7b8f2c1e-9d1c-4b5a-8f7e-0a1b2c3d4e5f\" | \"tx_id\": \"x\" | uuid",
                "2026-01-01T00:00:00Z | yesterday   | date-time",
                "\"reason\": null     | \"reason\": \"bored\" | reason",
                "\"devices\": []      | \"devices\": [\"x\"]  | uuid",
                "\"status\": \"wait\" | \"status\": null      | status"
            })
    void findsAValueOfAWrongFormat(String part, String instead, String said) {
        var body = TRANSACTION.replace(part, instead);

        assertThat(body).isNotEqualTo(TRANSACTION);
        assertThat(TestExchange.get(ONE_TRANSACTION).answered(200, body))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem).startsWith("response: ").contains(said));
    }

    @Test
    void findsAUrlThatIsNone() {
        var enrollment =
                """
                {"device": %s, "payload": {"u": "%s", "s": "7b8f2c1e-9d1c-4b5a-8f7e-0a1b2c3d4e5f",
                 "t": "t"}, "qr_code": "", "expires": "2026-01-01T00:00:00Z"}
                """;
        var begin = TestExchange.post(DEVICES).with("{\"user\": \"alice\"}");

        assertThat(begin.answered(201, enrollment.formatted(DEVICE, "https://nod.example/")))
                .isEmpty();
        assertThat(begin.answered(201, enrollment.formatted(DEVICE, "not a URL")))
                .singleElement()
                .asString()
                .contains("uri");
    }

    @Test
    void findsABodyWhereNoneIsDocumented() {
        assertThat(TestExchange.delete(ONE).answered(204, "{}")).hasSize(1);
    }

    @Test
    void findsABodyThatIsMissing() {
        assertThat(TestExchange.get(ONE).answered(200, "")).isNotEmpty();
        assertThat(TestExchange.get(ONE).answered(404, "")).isNotEmpty();
    }

    @Test
    void findsWhatIsNoJson() {
        assertThat(TestExchange.get(ONE).answered(200, "{")).hasSize(1);
    }

    @Test
    void findsAnotherMediaType() {
        assertThat(TestExchange.get(ONE).answered(200, "text/html", DEVICE)).hasSize(1);
        assertThat(TestExchange.get(ONE).answered(404, "text/plain", "{\"detail\": \"No.\"}"))
                .hasSize(1);
        assertThat(TestExchange.get(ONE).answered(404, "nonsense", "{\"detail\": \"No.\"}"))
                .hasSize(1);
    }

    @Test
    void findsASuccessThatIsNotDocumented() {
        assertThat(TestExchange.get(ONE).answered(201, DEVICE)).hasSize(1);
        assertThat(TestExchange.get(ONE).answered(302, "")).hasSize(1);
        assertThat(TestExchange.post(ONE).answered(200, DEVICE)).hasSize(1);
        assertThat(TestExchange.get(DEVICES + "unheard/of/").answered(200, "{}")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"detail\": 1}",
                "{\"detail\": \"No.\", \"code\": \"x\"}",
                "{\"detail\": \"No.\", \"timestamp\": 1}"
            })
    void findsARefusalThatIsNoGenericError(String body) {
        assertThat(TestExchange.get(ONE).answered(403, body)).isNotEmpty();
        assertThat(TestExchange.get(ONE).answered(418, body)).isNotEmpty();
        assertThat(TestExchange.get("/").answered(404, body)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 500, 502, 504})
    void findsStatusesThatAreNeverAnswered(int status) {
        assertThat(TestExchange.get(ONE).answered(status, "{\"detail\": \"No.\"}")).hasSize(1);
    }

    @Test
    void findsHeadersThatAreMissingOrWrong() {
        var start = TestExchange.post(DEVICES + "transactions/").with("{\"user\": \"alice\"}");
        var no = "{\"detail\": \"No.\"}";

        assertThat(TestExchange.post(ONE).answered(405, no)).hasSize(1);
        assertThat(TestExchange.post(ONE).answeredWith("Allow", "GET").answered(405, no)).isEmpty();
        assertThat(TestExchange.get(ONE).answered(503, no)).hasSize(1);
        assertThat(start.answeredWith("Retry-After", "1").answered(503, no)).isEmpty();
        assertThat(start.answeredWith("Retry-After", "soon").answered(429, no)).hasSize(1);
        assertThat(start.answered(429, no)).isEmpty();
        assertThat(
                        TestExchange.get(ONE)
                                .answeredWith("WWW-Authenticate", "Bearer")
                                .answered(403, no))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\": [\"This field is required.\"]}",
                "{\"info\": {\"platform\": [\"This field is required.\"]}}",
                "{\"non_field_errors\": [\"No data provided\"], \"x\": [\"a\", \"b\"]}",
                "{\"detail\": \"JSON parse error - line 1 column 2\"}"
            })
    void knowsErrorsOfFields(String body) {
        assertThat(TestExchange.put(ONE).with("{}").answered(400, body)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\": \"This field is required.\"}",
                "{\"name\": []}",
                "{\"name\": [\"Required.\"], \"code\": \"invalid\"}",
                "{\"detail\": \"No.\", \"name\": [\"Required.\"]}",
                "{\"info\": {}}",
                "{\"info\": {\"platform\": [1]}}"
            })
    void findsErrorsOfFieldsThatAreNone(String body) {
        assertThat(TestExchange.put(ONE).with("{}").answered(400, body)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                              | pk",
                "{\"pk\": \"x\", \"name\": \"\"} | /name",
                "{\"pk\": {}, \"name\": \"x\"}   | /pk",
                "[]                              | object"
            })
    void findsARequestThatShouldNotHaveBeenServed(String body, String said) {
        assertThat(TestExchange.put(ONE).with(body).answered(200, DEVICE))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem).startsWith("request BODY"))
                .anySatisfy(problem -> assertThat(problem).contains(said));
        assertThat(
                        TestExchange.put(ONE)
                                .with(body)
                                .answered(400, "{\"name\": [\"Not a valid string.\"]}"))
                .isEmpty();
    }

    @Test
    void findsABodyThatIsNeitherThereNorJsonNorCalledSo() {
        var ok = "{\"pk\": \"x\", \"name\": \"x\"}";

        assertThat(TestExchange.put(ONE).with(ok).answered(200, DEVICE)).isEmpty();
        assertThat(TestExchange.put(ONE).answered(200, DEVICE)).hasSize(1);
        assertThat(TestExchange.put(ONE).with("{").answered(200, DEVICE)).hasSize(1);
        assertThat(TestExchange.put(ONE).with("text/plain", ok).answered(200, DEVICE)).hasSize(1);
        assertThat(TestExchange.patch(ONE).answered(200, DEVICE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "transactions/7b8f2c1e-9d1c-4b5a-8f7e-0a1b2c3d4e5f/?wait=61, wait",
        "transactions/7b8f2c1e-9d1c-4b5a-8f7e-0a1b2c3d4e5f/?wait=-1, wait",
        "transactions/7b8f2c1e-9d1c-4b5a-8f7e-0a1b2c3d4e5f/?wait=x, wait",
        "transactions/7b8f2c1e-9d1c-4b5a-8f7e-0a1b2c3d4e5f/?user=x, user",
        "transactions/7b8f2c1e/, tx_id"
    })
    void findsAParameterThatShouldNotHaveBeenServed(String path, String said) {
        assertThat(TestExchange.get(DEVICES + path).answered(200, TRANSACTION))
                .singleElement()
                .asString()
                .contains("'" + said + "'");
    }

    @Test
    void findsAHeaderThatShouldNotHaveBeenServed() {
        var start = TestExchange.post(DEVICES + "transactions/").with("{\"user\": \"alice\"}");

        assertThat(start.sentWith("Idempotency-Key", "k").answered(201, TRANSACTION)).isEmpty();
        assertThat(start.sentWith("Idempotency-Key", "k".repeat(256)).answered(201, TRANSACTION))
                .hasSize(1);
    }

    @Test
    void findsACallerThatWasServedWithoutCredential() {
        assertThat(TestExchange.get(ONE).anonymous().answered(200, DEVICE)).hasSize(1);
        assertThat(TestExchange.get("/api/v3/schema/").anonymous().answered(200, "{}")).isEmpty();
    }

    @Test
    void takesTheLiteralBeforeTheVariable() {
        assertThat(TestExchange.get(DEVICES + "locks/").answered(200, DEVICE)).isNotEmpty();
    }

    @Test
    void leavesThePageToPeople() {
        assertThat(TestExchange.get("/api/v3/").anonymous().answered(200, "text/html", "<p>"))
                .isEmpty();
        assertThat(TestExchange.get("/api/v3/browser/x.js").answered(404, "text/html", "<p>"))
                .isNotEmpty();
    }

    @Test
    void remembersWhatWasServed() {
        var contract = new Contract();

        contract.problems(TestExchange.get(ONE).exchange(200, "application/json", DEVICE));
        contract.problems(TestExchange.delete(ONE).exchange(403, "application/json", "{}"));

        assertThat(contract.served()).containsExactly("authenticators_mobile_retrieve");
    }
}
