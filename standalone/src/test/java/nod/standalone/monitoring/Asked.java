package nod.standalone.monitoring;

import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.FileSystemResource;

import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/**
 * Who asks for metrics: an alert or a panel, with its expressions.
 *
 * @param name as people know it
 */
record Asked(String name, List<String> expressions) {

    private static final Path FOLDER = Path.of("..", "monitoring");

    /**
     * An alert rule.
     *
     * @param runbook where it is said what to do
     */
    record Alert(String name, String expression, String summary, String runbook) {

        Asked asked() {
            return new Asked(name, List.of(expression));
        }
    }

    static List<Alert> alerts() {
        var yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new FileSystemResource(FOLDER.resolve("alerts.yml")));
        var rules = Objects.requireNonNull(yaml.getObject());
        var alerts = new ArrayList<Alert>();
        for (int i = 0; rules.containsKey("groups[0].rules[" + i + "].alert"); i++) {
            alerts.add(alert(rules, "groups[0].rules[" + i + "]."));
        }
        return alerts;
    }

    private static Alert alert(Properties rules, String rule) {
        return new Alert(
                text(rules, rule + "alert"),
                text(rules, rule + "expr"),
                text(rules, rule + "annotations.summary"),
                text(rules, rule + "annotations.runbook"));
    }

    private static String text(Properties rules, String name) {
        return Objects.requireNonNull(rules.getProperty(name), name);
    }

    /** The panels of the dashboard that ask for something. */
    static List<Asked> panels() {
        var dashboard = FOLDER.resolve(Path.of("grafana", "dashboards", "nod.json"));
        var json = JsonMapper.builder().build().readTree(dashboard.toFile());
        return json.path("panels")
                .valueStream()
                .filter(panel -> panel.has("targets"))
                .map(
                        panel ->
                                new Asked(
                                        panel.path("title").asString(),
                                        panel.path("targets")
                                                .valueStream()
                                                .map(target -> target.path("expr").asString())
                                                .toList()))
                .toList();
    }
}
