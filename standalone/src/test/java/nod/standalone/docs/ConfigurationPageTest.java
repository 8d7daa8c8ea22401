package nod.standalone.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Holds the tables of {@code docs/configuration.md} against the metadata of the settings. With
 * {@code -Dnod.docs=write} it writes them instead.
 */
class ConfigurationPageTest {

    private static final String HEAD =
            """
            | property | default | allowed | meaning |
            |---|---|---|---|
            """;

    private final Map<String, Setting> settings = Setting.all();
    private final Page page = Page.named("configuration.md");

    @TestFactory
    List<DynamicTest> tablesAreWhatTheMetadataSays() {
        var checked = page;
        if ("write".equals(System.getProperty("nod.docs"))) {
            for (var prefix : page.parts()) {
                checked = checked.withPart(prefix, table(prefix));
            }
            checked.write();
        }
        return checks(checked);
    }

    private List<DynamicTest> checks(Page checked) {
        return checked.parts().stream()
                .map(
                        prefix ->
                                DynamicTest.dynamicTest(
                                        prefix,
                                        () ->
                                                assertThat(checked.part(prefix))
                                                        .as("run this test with -Dnod.docs=write")
                                                        .isEqualTo(table(prefix))))
                .toList();
    }

    @Test
    void everyPropertyStandsInOneTable() {
        var prefixes = page.parts();
        assertThat(settings.keySet())
                .isNotEmpty()
                .allSatisfy(
                        name ->
                                assertThat(prefixes)
                                        .as(name)
                                        .filteredOn(prefix -> name.startsWith(prefix + "."))
                                        .hasSize(1));
    }

    @Test
    void everyPropertyHasAMeaning() {
        assertThat(settings.values())
                .allSatisfy(
                        setting -> assertThat(setting.meaning()).as(setting.name()).isNotBlank());
    }

    /** Every property of the services' own files is explained, with the value it has there. */
    @ParameterizedTest
    @CsvSource({"gateway,1", "dispatcher,2", "response-collector,3"})
    void springsPropertiesAreThoseOfTheServicesFiles(String service, int column) {
        var explained = new TreeMap<String, String>();
        for (var row : Page.rows(page.section("## Spring's own properties"))) {
            if (!row.get(column).isEmpty()) {
                explained.put(name(row.getFirst()), name(row.get(column)));
            }
        }
        assertThat(explained).containsExactlyInAnyOrderEntriesOf(properties(service));
    }

    private static String name(String cell) {
        return Page.names(cell).getFirst();
    }

    /** What the file sets; the loggers that it silences are no setting. */
    private static Map<String, String> properties(String service) {
        var yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new ClassPathResource(service + ".yml"));
        var properties = new TreeMap<String, String>();
        Objects.requireNonNull(yaml.getObject())
                .forEach((name, value) -> properties.put(name.toString(), value.toString()));
        properties.keySet().removeIf(name -> name.startsWith("logging."));
        return properties;
    }

    @Test
    void saysOfTheSimulatorsWhatTheirOwnPageSays() {
        var own = Page.at(Path.of("..", "simulators", "README.md")).section("## As a program");
        assertThat(Page.rows(page.section("## Simulators"))).isEqualTo(Page.rows(own));
    }

    private String table(String prefix) {
        return settings.values().stream()
                .filter(setting -> setting.name().startsWith(prefix + "."))
                .map(Setting::row)
                .collect(Collectors.joining("", HEAD, ""));
    }
}
