package nod.messaging.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.messaging.deadletter.DeadLetterCommand.Dismiss;
import nod.messaging.deadletter.DeadLetterCommand.ListLetters;
import nod.messaging.deadletter.DeadLetterCommand.ReplayAll;
import nod.messaging.deadletter.DeadLetterCommand.ReplayOne;
import nod.messaging.deadletter.DeadLetterCommand.ReplayTopic;
import nod.messaging.deadletter.DeadLetterCommand.Show;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class CommandLineTest {

    private static final Place PLACE = new Place("a-dlt", 2, 3_000_000_000L);

    @Test
    void listsWhatIsOpenOrAll() {
        assertThat(command("list")).isEqualTo(new ListLetters(false));
        assertThat(command("list --all")).isEqualTo(new ListLetters(true));
    }

    @Test
    void showsAndDismissesOne() {
        assertThat(command("show a-dlt 2 3000000000")).isEqualTo(new Show(PLACE));
        assertThat(command("dismiss a-dlt 2 3000000000")).isEqualTo(new Dismiss(PLACE));
    }

    @Test
    void replaysAllOrATopicOrOne() {
        assertThat(command("replay")).isEqualTo(new ReplayAll());
        assertThat(command("replay a-dlt")).isEqualTo(new ReplayTopic("a-dlt"));
        assertThat(command("replay a-dlt 2 3000000000")).isEqualTo(new ReplayOne(PLACE));
    }

    @Test
    void passesSettingsOn() {
        assertThat(parse("list --spring.kafka.bootstrap-servers=kafka:9092").settings())
                .containsExactly("--spring.kafka.bootstrap-servers=kafka:9092");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"                   | expected one of",
                "TOPIC                  | 'TOPIC' is not understood",
                "lst                    | 'lst' is not understood",
                "list x                 | 'list x' is not understood",
                "list --al              | --al is unknown",
                "show                   | 'show' is not understood",
                "show x 1               | 'show x 1' is not understood",
                "show x 1 2 3           | 'show x 1 2 3' is not understood",
                "show x --all 2         | 'show x --all 2' is not understood",
                "show x 1 2 3 4 5       | 'show x 1 2 3 4 5' is not understood",
                "replay --all           | 'replay --all' is not understood",
                "replay x 1             | 'replay x 1' is not understood",
                "dismiss x              | 'dismiss x' is not understood",
                "show x one 2           | PARTITION is 'one', expected a number",
                "show x -1 2            | PARTITION is '-1', expected a number",
                "show x 2147483648 2    | PARTITION is '2147483648', expected a number",
                "replay x 1 -2          | OFFSET is '-2', expected a number",
                "replay x 1 99999999999999999999 | OFFSET is '99999999999999999999', expected"
            })
    void saysWhatIsExpected(String line, String message) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    private static DeadLetterCommand command(String line) {
        return parse(line).command();
    }

    private static CommandLine parse(String line) {
        return CommandLine.parse(line.isEmpty() ? List.of() : List.of(line.split(" ")));
    }
}
