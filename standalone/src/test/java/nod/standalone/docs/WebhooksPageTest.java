package nod.standalone.docs;

import static org.assertj.core.api.Assertions.assertThat;

import nod.collector.CollectorSettings.Webhook;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Holds {@code docs/webhooks.md} against the settings of a webhook. */
class WebhooksPageTest {

    private final Page page = Page.named("webhooks.md");

    @Test
    void explainsEverySettingOfAWebhookAndNoOther() {
        assertThat(rows())
                .extracting(row -> Page.names(row.getFirst()).getFirst())
                .containsExactly(
                        Arrays.stream(Webhook.class.getRecordComponents())
                                .map(component -> kebab(component.getName()))
                                .toArray(String[]::new));
    }

    @Test
    void namesEveryStatusThatAnOutcomeHas() {
        var expected =
                Arrays.stream(TransactionStatus.values())
                        .filter(status -> status != TransactionStatus.WAIT)
                        .map(TransactionStatus::text);
        var row = rows().stream().filter(one -> one.getFirst().contains("statuses")).findFirst();
        assertThat(row).isPresent();
        assertThat(Page.names(row.get().get(2))).containsExactlyElementsOf(expected.toList());
    }

    /** The page sends its readers to the table of outcomes for them. */
    @Test
    void everyReasonIsExplained() {
        var outcomes = Page.rows(Page.named("flow.md").section("## Outcomes")).toString();
        assertThat(OutcomeReason.values())
                .allSatisfy(reason -> assertThat(outcomes).contains("`" + reason.text() + "`"));
    }

    private List<List<String>> rows() {
        return Page.rows(page.section("## Configure one"));
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
