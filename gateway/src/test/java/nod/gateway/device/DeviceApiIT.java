package nod.gateway.device;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.RunningGateway;
import nod.gateway.contract.CheckedHttpClient;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;

class DeviceApiIT {

    private static final String PATH = "/authenticators/mobile/";

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(new TestServers());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void listsSearchesAndPages() {
        for (var name : List.of("Anna's Pixel", "Bert's Pixel 9", "Bert's Tablet")) {
            rename(gateway.enrol("list"), name).expectStatus().isOk();
        }

        assertThat(names("?user=list&page_size=2&page=2")).containsExactly("Bert's Tablet");
        assertThat(names("?user=list&search=pixel,bert")).containsExactly("Bert's Pixel 9");
        assertThat(names("?user=list&ordering=-name").getFirst()).isEqualTo("Bert's Tablet");
        assertThat(names("?user=list&name=Bert's Tablet")).hasSize(1);
        assertThat(names("?user=list&name=bert")).isEmpty();
        get("?user=list&page=9").expectStatus().isNotFound();
    }

    @Test
    void showsWhatThePhoneSaidLast() {
        var phone = gateway.enrol("check-in");

        phone.client()
                .post()
                .uri(PATH + "{uuid}/check_in/", phone.device())
                .bodyValue(RunningGateway.info("renamed at home"))
                .exchange()
                .expectStatus()
                .isNoContent();

        var shown = RunningGateway.body(get(phone.device() + "/").expectStatus().isOk());
        assertThat(shown.path("last_checkin").path("hostname").asString())
                .isEqualTo("renamed at home");
        assertThat(shown.path("name").asString()).isEqualTo("my phone");
        assertThat(shown.path("confirmed").asBoolean()).isTrue();
    }

    @Test
    void takesTheLaterDialectOfACheckIn() {
        var phone = gateway.enrol("dialect");

        phone.client()
                .post()
                .uri(PATH + "{uuid}/check_in/", phone.device())
                .bodyValue(Map.of("info", RunningGateway.info("later"), "firebase_key", "key"))
                .exchange()
                .expectStatus()
                .isNoContent();
    }

    @Test
    void updatesOnlyWithTheDevicesOwnPk() {
        var phone = gateway.enrol("update");
        var uri = PATH + phone.device() + "/";

        gateway.deployment()
                .put()
                .uri(uri)
                .bodyValue(Map.of("pk", "another", "name", "x"))
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.pk[0]")
                .exists();
        gateway.deployment()
                .put()
                .uri(uri)
                .bodyValue(Map.of("pk", phone.device(), "name", "x".repeat(65)))
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .json("{\"name\": [\"Ensure this field has no more than 64 characters.\"]}");
        gateway.deployment().patch().uri(uri).exchange().expectStatus().isOk();
    }

    @Test
    void namesWhatUsesADevice() {
        var phone = gateway.enrol("used");
        gateway.deployment()
                .post()
                .uri(PATH + "transactions/")
                .bodyValue(Map.of("user", "used"))
                .exchange()
                .expectStatus()
                .isCreated();

        var uses = RunningGateway.body(get(phone.device() + "/used_by/").expectStatus().isOk());

        assertThat(uses.valueStream().map(use -> use.path("model_name").asString()))
                .containsExactly("mobiletransaction", "mobiledevicetoken", "mobiledevicetoken");
    }

    @Test
    void removesAllDevicesOfAUserWhoIsGone() {
        gateway.enrol("gone");
        gateway.enrol("gone");

        for (int i = 0; i < 2; i++) {
            gateway.deployment()
                    .post()
                    .uri(PATH + "users/removed/")
                    .bodyValue(Map.of("user", "gone"))
                    .exchange()
                    .expectStatus()
                    .isNoContent();
        }

        assertThat(names("?user=gone")).isEmpty();
    }

    @Test
    void refusesInTheOrderOfTheContract() {
        var phone = gateway.enrol("order");
        var anonymous = gateway.client("nobody");

        anonymous.get().uri(PATH + "x").exchange().expectStatus().isNotFound();
        anonymous.delete().uri(PATH).exchange().expectStatus().isForbidden();
        gateway.deployment()
                .delete()
                .uri(PATH)
                .exchange()
                .expectStatus()
                .isEqualTo(405)
                .expectHeader()
                .valueEquals("Allow", "GET, POST");
        gateway.deployment()
                .get()
                .uri(PATH)
                .header("Accept", "text/html")
                .exchange()
                .expectStatus()
                .isEqualTo(406);
        gateway.deployment().get().uri(PATH + "not-a-uuid/").exchange().expectStatus().isNotFound();
        gateway.deployment()
                .post()
                .uri(PATH)
                .header("Content-Type", "text/plain")
                .bodyValue("{}")
                .exchange()
                .expectStatus()
                .isEqualTo(415);
        gateway.deployment()
                .post()
                .uri(PATH)
                .bodyValue(Map.of("user", "x".repeat(70_000)))
                .exchange()
                .expectStatus()
                .isEqualTo(413);
        phone.client().get().uri(PATH).exchange().expectStatus().isForbidden();
        gateway.deployment()
                .post()
                .uri(PATH + phone.device() + "/check_in/")
                .bodyValue(RunningGateway.info("x"))
                .exchange()
                .expectStatus()
                .isForbidden();
    }

    @Test
    void refusesMediaTypesThatAreNone() throws Exception {
        assertThat(begin("Accept", "nonsense")).isEqualTo(406);
        assertThat(begin("Content-Type", "nonsense")).isEqualTo(415);
    }

    private static int begin(String header, String value) throws Exception {
        var request =
                HttpRequest.newBuilder(gateway.url().resolve("api/v3" + PATH))
                        .header("Authorization", "Bearer " + RunningGateway.API_KEY)
                        .header(header, value)
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build();
        try (var client = CheckedHttpClient.of(gateway.url())) {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    private static WebTestClient.ResponseSpec rename(
            RunningGateway.EnrolledPhone phone, String name) {
        return gateway.deployment()
                .patch()
                .uri(PATH + phone.device() + "/")
                .bodyValue(Map.of("name", name))
                .exchange();
    }

    private static WebTestClient.ResponseSpec get(String rest) {
        return gateway.deployment().get().uri(PATH + rest).exchange();
    }

    private static List<String> names(String query) {
        return RunningGateway.body(get(query).expectStatus().isOk())
                .path("results")
                .valueStream()
                .map(device -> device.path("name").asString())
                .toList();
    }
}
