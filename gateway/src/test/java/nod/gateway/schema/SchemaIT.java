package nod.gateway.schema;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.RunningGateway;
import nod.gateway.contract.CheckedHttpClient;
import nod.gateway.contract.CheckedWebClient;
import nod.gateway.security.Access;
import nod.gateway.web.Resource;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The document and the page, as anyone gets them. */
class SchemaIT {

    private static RunningGateway gateway;
    private static WebTestClient anyone;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(new TestServers());
        anyone =
                CheckedWebClient.of(gateway.url() + "api/v3")
                        // Swagger UI is one file.
                        .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(8 * 1024 * 1024))
                        .build();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                                   | application/vnd.oai.openapi",
                "*/*                                                | application/vnd.oai.openapi",
                "text/html, */*;q=0.8                               | application/vnd.oai.openapi",
                "application/yaml                                   | application/yaml",
                "application/json                                   | application/json",
                "application/json, */*                              | application/json",
                "application/vnd.oai.openapi+json                   |"
                        + " application/vnd.oai.openapi+json",
                "application/yaml;q=0.5, application/json;q=0.9     | application/json",
                "application/yaml;q=0.9, application/json;q=0.5     | application/yaml"
            })
    void servesTheDocumentInTheFormThatTheCallerPrefers(String accept, String type) {
        var document = ApiDocument.under(URI.create("http://localhost:8080/"));

        var response =
                anyone.get()
                        .uri("/schema/")
                        .headers(
                                headers -> {
                                    if (accept != null) {
                                        headers.set(HttpHeaders.ACCEPT, accept);
                                    }
                                })
                        .exchange()
                        .expectStatus()
                        .isOk()
                        .expectHeader()
                        .valueEquals(HttpHeaders.CONTENT_TYPE, type);

        assertThat(text(response))
                .isEqualTo(type.endsWith("json") ? document.json() : document.yaml());
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "nonsense"})
    void refusesWhatItCanNotBe(String accept) throws Exception {
        var request =
                HttpRequest.newBuilder(gateway.url().resolve("api/v3/schema/"))
                        .header(HttpHeaders.ACCEPT, accept)
                        .build();

        try (var client = CheckedHttpClient.of(gateway.url())) {
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(406);
        }
    }

    @Test
    void describesWhatIsRoutedAndNothingElse() {
        var routed = new TreeMap<String, Boolean>();
        for (var resource : gateway.resources()) {
            if (!isOfThePage(resource)) {
                resource.operations()
                        .keySet()
                        .forEach(
                                method ->
                                        routed.put(
                                                name(method.name(), resource.path()),
                                                isOpen(resource)));
            }
        }
        var documented = new TreeMap<String, Boolean>();
        document()
                .path("paths")
                .forEachEntry(
                        (path, methods) ->
                                methods.forEachEntry(
                                        (method, operation) -> {
                                            if (operation.has("operationId")) {
                                                documented.put(
                                                        name(method, path),
                                                        operation.path("security").isEmpty());
                                            }
                                        }));

        assertThat(routed).isEqualTo(documented);
    }

    private static JsonNode document() {
        var response = anyone.get().uri("/schema/").header("Accept", "application/json").exchange();
        return JsonMapper.shared().readTree(text(response));
    }

    private static String name(String method, String path) {
        return method.toLowerCase(Locale.ROOT) + " " + path;
    }

    private static boolean isOpen(Resource resource) {
        return resource.access() == Access.ANYONE;
    }

    private static boolean isOfThePage(Resource resource) {
        return resource.path().equals("/") || resource.path().startsWith("/browser/");
    }

    @Test
    void servesAPageWhoseFilesAllComeFromHere() {
        var page = text(anyone.get().uri("/").exchange().expectStatus().isOk());

        assertThat(page).contains("Nod API").doesNotContain("http:", "https:", "//");
        var files =
                Pattern.compile("(?:src|href)=\"([^\"]+)\"")
                        .matcher(page)
                        .results()
                        .map(file -> file.group(1))
                        .toList();
        assertThat(files).hasSizeGreaterThan(4).contains("schema/");
        for (var file : files) {
            var served = anyone.get().uri("/" + file).exchange().expectStatus().isOk();
            assertThat(text(served)).as(file).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/browser/swagger-ui.js", "/browser/browser.js"})
    void letsThePageRunItsOwnFilesAndSpeakToThisGatewayAlone(String path) {
        anyone.get()
                .uri(path)
                .exchange()
                .expectHeader()
                .value(
                        "Content-Security-Policy",
                        policy ->
                                assertThat(policy)
                                        .contains("default-src 'none'", "script-src 'self'")
                                        .contains("connect-src 'self'", "frame-ancestors 'none'")
                                        .doesNotContain("unsafe", "http", "*"))
                .expectHeader()
                .valueEquals("X-Content-Type-Options", "nosniff");
    }

    @Test
    void refusesOnThePageAsEverywhere() {
        anyone.post().uri("/").exchange().expectStatus().isEqualTo(405);
        anyone.get()
                .uri("/")
                .header("Accept", "image/png")
                .exchange()
                .expectStatus()
                .isEqualTo(406);
        anyone.get().uri("/browser/").exchange().expectStatus().isNotFound();
        anyone.method(HttpMethod.HEAD).uri("/schema/").exchange().expectStatus().isOk();
    }

    private static String text(WebTestClient.ResponseSpec response) {
        return new String(
                Objects.requireNonNull(response.expectBody().returnResult().getResponseBody()),
                StandardCharsets.UTF_8);
    }
}
