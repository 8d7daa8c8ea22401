package nod.gateway.security.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.gateway.security.apikey.CommandLine.UsageException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

class CommandLineTest {

    @Test
    void makesAKey() {
        assertThat(command("create authentik"))
                .isEqualTo(new ApiKeyCommand.Create("authentik", null));
        assertThat(command("create --expires-in=90d authentik"))
                .isEqualTo(new ApiKeyCommand.Create("authentik", Duration.ofDays(90)));
    }

    @Test
    void listsAndRevokes() {
        var id = UUID.randomUUID();

        assertThat(command("list")).isEqualTo(new ApiKeyCommand.ListAll());
        assertThat(command("revoke " + id)).isEqualTo(new ApiKeyCommand.Revoke(id));
    }

    @Test
    void passesSettingsOn() {
        assertThat(parse("list --spring.r2dbc.url=r2dbc:postgresql://db/nod").settings())
                .containsExactly("--spring.r2dbc.url=r2dbc:postgresql://db/nod");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"                               | expected one of",
                "make x                           | 'make x' is not understood",
                "create                           | 'create' is not understood",
                "create a b                       | 'create a b' is not understood",
                "list all                         | 'list all' is not understood",
                "create .x                        | NAME is '.x', expected 1 to 64",
                "create ä                         | NAME is 'ä', expected 1 to 64",
                "create x --expires-im=90d        | --expires-im=90d is unknown",
                "create x --expires-in            | --expires-in is unknown",
                "create x --expires-in=           | --expires-in is '', expected 1s to 3650d",
                "create x --expires-in=90         | --expires-in is '90', expected 1s",
                "create x --expires-in=soon       | --expires-in is 'soon', expected 1s",
                "create x --expires-in=0s         | --expires-in is '0s', expected 1s",
                "create x --expires-in=-1d        | --expires-in is '-1d', expected 1s",
                "create x --expires-in=3651d      | --expires-in is '3651d', expected 1s",
                "create x --expires-in=99999999999999999d | expected 1s to 3650d",
                "list --expires-in=1d             | --expires-in goes with create NAME alone",
                "revoke 7                         | ID is '7', expected a UUID",
                "list --debug                     | --debug is unknown"
            })
    void saysWhatIsExpected(String line, String said) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(said);
    }

    private static ApiKeyCommand command(String line) {
        return parse(line).command();
    }

    private static CommandLine parse(String line) {
        return CommandLine.parse(line.isEmpty() ? List.of() : List.of(line.split(" ")));
    }
}
