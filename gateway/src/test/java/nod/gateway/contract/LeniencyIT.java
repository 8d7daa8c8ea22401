package nod.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.gateway.RunningGateway;
import nod.gateway.RunningGateway.EnrolledPhone;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpStatusCode;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.RequestHeadersSpec;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Each leniency is one of the gateway, and needed: the document does not allow what it takes. */
class LeniencyIT {

    private static final String DEVICES = "/authenticators/mobile/";
    private static final String TRANSACTIONS = DEVICES + "transactions/";

    private static RunningGateway gateway;
    private static EnrolledPhone phone;

    @BeforeAll
    static void start() {
        // One user is asked again and again, and nobody answers.
        gateway = RunningGateway.start(new TestServers(), Map.of("nod.gateway.pause.first", "0s"));
        phone = gateway.enrol("lenient");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @EnumSource
    void isGrantedByTheGatewayAndNotByTheDocument(Leniency leniency) {
        assertThat(send(leniency, EnumSet.of(leniency))).matches(HttpStatusCode::is2xxSuccessful);

        assertThatThrownBy(() -> send(leniency, EnumSet.complementOf(EnumSet.of(leniency))))
                .hasRootCauseInstanceOf(ContractViolation.class)
                .rootCause()
                .hasMessageContaining("\n  request ");
    }

    private static HttpStatusCode send(Leniency leniency, Set<Leniency> granted) {
        var contract = new Contract(granted, _ -> {});
        return request(leniency, new Caller(contract))
                .exchange()
                .returnResult(Void.class)
                .getStatus();
    }

    private record Caller(Contract contract) {

        WebTestClient deployment() {
            return as(RunningGateway.API_KEY);
        }

        WebTestClient ofThePhone() {
            return as(phone.token());
        }

        private WebTestClient as(String token) {
            return CheckedWebClient.of(contract, gateway.url() + "api/v3")
                    .defaultHeader("Authorization", "Bearer " + token)
                    .build();
        }

        RequestHeadersSpec<?> list(String query) {
            return deployment().get().uri(DEVICES + "?" + query);
        }

        RequestHeadersSpec<?> begin(Object body) {
            return deployment().post().uri(DEVICES).bodyValue(body);
        }

        RequestHeadersSpec<?> transaction(String field, Object value) {
            return deployment()
                    .post()
                    .uri(TRANSACTIONS)
                    .bodyValue(Map.of("user", "lenient", field, value));
        }

        RequestHeadersSpec<?> phone(String operation, Object body) {
            return ofThePhone()
                    .post()
                    .uri(DEVICES + phone.device() + "/" + operation + "/")
                    .bodyValue(body);
        }
    }

    private static RequestHeadersSpec<?> request(Leniency leniency, Caller caller) {
        return switch (leniency) {
            case LATER_DIALECT ->
                    caller.phone(
                            "check_in",
                            Map.of("info", RunningGateway.info("later"), "firebase_key", "k"));
            case NUMBER_AS_TEXT -> caller.begin(Map.of("user", 4711));
            case TEXT_AS_NUMBER -> caller.transaction("expires_in", "60");
            case BLANKS_AROUND_A_TEXT ->
                    caller.begin(Map.of("user", "blanks", "name", " " + "x".repeat(64) + " "));
            case NULL_IN_CONTEXT -> {
                var context = new HashMap<String, Object>();
                context.put("location", null);
                yield caller.transaction("context", context);
            }
            case PAGE_LAST -> caller.list("page=last");
            case PAGE_SIZE_NOT_A_NUMBER -> caller.list("page_size=many");
            case EMPTY_PARAMETER -> caller.list("page=");
            case FILTER_BY_USER -> caller.list("user=lenient");
            case UNREAD_BODY -> caller.phone("enrollment_status", Map.of());
        };
    }
}
