package nod.gateway.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;

import nod.schemas.event.Event;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

class ApiDocumentTest {

    private final ApiDocument document = ApiDocument.under(URI.create("https://nod.example/"));

    @Test
    void isAValidOpenApiDocument() {
        assertThat(complaints(document.yaml())).isEmpty();
        assertThat(complaints(document.json())).isEmpty();
    }

    /** Without which the test above would say nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "in: header     | in: nowhere",
                "responses:     | answers:",
                "name: tx_id    | called: tx_id",
                "type: apiKey   | type: key"
            })
    void wouldNotBeOneIfAPartWereWrong(String part, String instead) {
        assertThat(document.yaml()).contains(part);
        assertThat(complaints(document.yaml().replace(part, instead))).isNotEmpty();
    }

    /** The parser above passes over it; strict ones refuse the whole document. */
    @Test
    void saysOfCredentialsOnlyWhatOpenApiKnows() {
        var schemes = json().path("components").path("securitySchemes");

        assertThat(schemes.propertyNames()).containsExactly("authentik", "mobile_device_token");
        assertThat(schemes)
                .allSatisfy(
                        scheme ->
                                assertThat(scheme.propertyNames())
                                        .containsExactlyInAnyOrder(
                                                "type", "in", "name", "x-scheme"));
    }

    private static List<String> complaints(String text) {
        var options = new ParseOptions();
        options.setResolve(true);
        var result = new OpenAPIV3Parser().readContents(text, null, options);
        assertThat(result.getOpenAPI().getOpenapi()).isEqualTo("3.0.3");
        return result.getMessages();
    }

    @Test
    void saysTheSameInYamlAndInJson() {
        assertThat(YAMLMapper.builder().build().readTree(document.yaml())).isEqualTo(json());
    }

    @ParameterizedTest
    @ValueSource(strings = {"authentik-mobile", "gateway-extensions", "served"})
    void saysOfEveryOperationAndComponentWhatItsOwnDocumentSays(String name) throws IOException {
        var own =
                YAMLMapper.builder()
                        .build()
                        .readTree(
                                file(name)
                                        .replace("authentik-mobile.openapi.yaml#", "#")
                                        .replace(" scheme: bearer", " x-scheme: bearer"));

        assertThat(own.path("paths").size()).isPositive();
        for (var part : List.of("paths", "components")) {
            own.path(part)
                    .forEachEntry(
                            (key, things) ->
                                    things.forEachEntry(
                                            (thing, value) ->
                                                    assertThat(
                                                                    json().path(part)
                                                                            .path(key)
                                                                            .path(thing))
                                                            .as(key + " " + thing)
                                                            .isEqualTo(value)));
        }
    }

    @Test
    void needsNoOtherDocument() {
        assertThat(document.json().replace("\"#/", "")).doesNotContain("$ref\":\"");
        assertThat(document.yaml()).doesNotContain(".openapi.yaml", "&id", "\n      scheme:");
    }

    @ParameterizedTest
    @CsvSource({
        "https://nod.example/, /api/v3/",
        "https://example.org/push/nod/, /push/nod/api/v3/",
        "http://localhost:8080/, /api/v3/"
    })
    void namesTheServerByThePathOfThePublicUrl(URI publicUrl, String server) {
        var servers = JsonMapper.shared().readTree(ApiDocument.under(publicUrl).json());

        assertThat(servers.path("servers").path(0).path("url").asString()).isEqualTo(server);
    }

    @Test
    void saysOfWhichVersionsItIsMade() {
        assertThat(json().path("info").path("version").asString()).isEqualTo("2023.10.4+nod.1");
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(document.json());
    }

    private static String file(String name) throws IOException {
        try (var file =
                Event.class.getResourceAsStream("/nod/schemas/openapi/" + name + ".openapi.yaml")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
