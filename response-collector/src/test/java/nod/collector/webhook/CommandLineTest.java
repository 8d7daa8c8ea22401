package nod.collector.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.collector.webhook.CommandLine.UsageException;
import nod.collector.webhook.WebhookCommand.Enable;
import nod.collector.webhook.WebhookCommand.ListAll;
import nod.collector.webhook.WebhookCommand.ListUntold;
import nod.collector.webhook.WebhookCommand.ReplayGivenUp;
import nod.collector.webhook.WebhookCommand.ReplayOne;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.UUID;

class CommandLineTest {

    @Test
    void understandsEachCommand() {
        var id = UUID.randomUUID();
        assertThat(command("list")).isEqualTo(new ListAll());
        assertThat(command("list siem")).isEqualTo(new ListUntold("siem"));
        assertThat(command("replay siem")).isEqualTo(new ReplayGivenUp("siem"));
        assertThat(command("replay siem " + id)).isEqualTo(new ReplayOne("siem", id));
        assertThat(command("enable siem")).isEqualTo(new Enable("siem"));
    }

    @Test
    void takesSettingsAnywhere() {
        var line = CommandLine.parse(List.of("--spring.r2dbc.url=r2dbc:x", "enable", "siem"));

        assertThat(line.command()).isEqualTo(new Enable("siem"));
        assertThat(line.settings()).containsExactly("--spring.r2dbc.url=r2dbc:x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "lst", "list a b", "replay", "replay a b c", "enable", "enable --all"})
    void saysWhatIsExpected(String words) {
        assertThatThrownBy(() -> command(words))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("webhooks replay NAME [ID]");
    }

    @Test
    void saysWhatAnIdIs() {
        assertThatThrownBy(() -> command("replay siem 7"))
                .hasMessage("ID is '7', expected a webhook-id as webhooks list NAME shows it");
    }

    private static WebhookCommand command(String words) {
        var arguments = words.isEmpty() ? List.<String>of() : List.of(words.split(" "));
        return CommandLine.parse(arguments).command();
    }
}
