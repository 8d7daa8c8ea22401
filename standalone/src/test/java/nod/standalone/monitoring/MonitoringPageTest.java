package nod.standalone.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import nod.standalone.docs.Page;
import nod.standalone.monitoring.Asked.Alert;

import org.junit.jupiter.api.Test;

import java.util.Locale;

/** Holds {@code docs/monitoring.md} against the alert rules. */
class MonitoringPageTest {

    private static final String PAGE = "docs/monitoring.md";

    private final String alerts = Page.named("monitoring.md").section("## Alerts");

    @Test
    void saysOfEveryAlertWhatToDoAndOfNoOther() {
        var explained = alerts.lines().filter(line -> line.startsWith("### "));

        assertThat(explained.map(line -> line.substring(4)))
                .containsExactlyElementsOf(Asked.alerts().stream().map(Alert::name).toList());
    }

    @Test
    void everyAlertLeadsThere() {
        assertThat(Asked.alerts())
                .isNotEmpty()
                .allSatisfy(
                        alert -> {
                            assertThat(alert.summary()).isNotBlank();
                            assertThat(alert.runbook())
                                    .isEqualTo(PAGE + "#" + alert.name().toLowerCase(Locale.ROOT));
                        });
    }
}
