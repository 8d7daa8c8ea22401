package nod.standalone.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Holds {@code docs/running-in-production.md}, and the metrics of {@code docs/monitoring.md},
 * against the services' sources. With {@code -Dnod.docs=write} it writes what everybody needs of
 * Kafka instead.
 */
class RunningInProductionPageTest {

    private static final Set<String> MODULES =
            Set.of("messaging", "gateway", "dispatcher", "response-collector");

    /** Names of ours as the sources write them: of metrics, and of settings and their prefixes. */
    private static final Pattern NAME = Pattern.compile("\"(nod(?:\\.[a-z-]+)+)\"");

    private final Page page = Page.named("running-in-production.md");

    @Test
    void explainsEveryMetric() {
        assertThat(Page.rows(Page.named("monitoring.md").section("## Metrics")))
                .map(row -> Page.names(row.getFirst()).getFirst())
                .filteredOn(name -> name.startsWith("nod."))
                .containsExactlyInAnyOrderElementsOf(metrics());
    }

    @Test
    void saysWhatEverybodyNeedsOfKafka() {
        var checked = page;
        if ("write".equals(System.getProperty("nod.docs"))) {
            checked = page.withPart("kafka-rights", KafkaRightsText.all());
            checked.write();
        }
        assertThat(checked.part("kafka-rights"))
                .as("run this test with -Dnod.docs=write")
                .isEqualTo(KafkaRightsText.all());
    }

    private static Set<String> metrics() {
        var metrics = new TreeSet<String>();
        for (var module : MODULES) {
            NAME.matcher(sources(module))
                    .results()
                    .map(name -> name.group(1))
                    .filter(name -> !isSetting(name))
                    .forEach(metrics::add);
        }
        return metrics;
    }

    private static boolean isSetting(String name) {
        return Setting.all().keySet().stream()
                .anyMatch(setting -> setting.equals(name) || setting.startsWith(name + "."));
    }

    private static String sources(String module) {
        var all = new StringBuilder();
        try (var files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toString();
    }
}
