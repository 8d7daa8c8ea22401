package nod.standalone.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.standalone.host.StartRefusedException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

class CommandLineTest {
    @Test
    void withoutArgumentsMeansTheDocumentedPortsAndFolder() {
        var settings = CommandLine.of().settings();

        assertThat(settings.dataFolder()).isEqualTo(Path.of("data"));
        assertThat(settings.gateway()).isEqualTo(new StandaloneSettings.Gateway(8080, 8081));
        assertThat(settings.dispatcher()).isEqualTo(new StandaloneSettings.Dispatcher(8082));
        assertThat(settings.responseCollector())
                .isEqualTo(new StandaloneSettings.ResponseCollector(8083));
        assertThat(settings.simulators())
                .isEqualTo(new StandaloneSettings.Simulators(8084, 8085, 8086));
        assertThat(settings.kafka()).isEqualTo(new StandaloneSettings.Kafka(9092));
        assertThat(settings.postgres()).isEqualTo(new StandaloneSettings.Postgres(15432));
    }

    @Test
    void takesAnyOfThemAsAnArgument() {
        var settings =
                CommandLine.of(
                                "--nod.standalone.data=elsewhere",
                                "--nod.standalone.response-collector.management-port=0")
                        .settings();

        assertThat(settings.dataFolder()).isEqualTo(Path.of("elsewhere"));
        assertThat(settings.responseCollector().managementPort()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --nod.standalone.kafka.port=abc | nod.standalone.kafka.port is 'abc', expected is a port from 1 to 65535, or 0 for any free one.
                    --nod.standalone.kafka.port=70000 | nod.standalone.kafka.port is 70000, expected is a port from 1 to 65535, or 0 for any free one.
                    --nod.standalone.simulators.apns-port=-1 | nod.standalone.simulators.apns-port is -1, expected is a port from 1 to 65535, or 0 for any free one.
                    --nod.standalone.kafka.port=8080 | nod.standalone.kafka.port is 8080, and so is nod.standalone.gateway.port: expected are different ports.
                    --nod.standalone.data= | nod.standalone.data is empty, expected is the name of a folder.
                    --nod.standalone.kafka.prot=1 | There is no setting nod.standalone.kafka.prot; expected are nod.standalone.data, and the ports of gateway, dispatcher, response-collector, kafka, postgres and simulators below nod.standalone.
                    --dmeo | The argument --dmeo is unknown, expected are --demo and settings such as --nod.standalone.gateway.port=18080.
                    demo | The argument demo is unknown, expected are --demo and settings such as --nod.standalone.gateway.port=18080.
                    """)
    void answersAWrongOneWithOneSentence(String argument, String sentence) {
        assertThatThrownBy(() -> CommandLine.of(argument).settings())
                .isInstanceOf(StartRefusedException.class)
                .hasMessage(sentence);
    }

    @Test
    void hasNoKeyUnlessTheEnvironmentBringsOne() {
        assertThat(CommandLine.of().settings().apiKey()).isNull();
    }

    @Test
    void neverRepeatsAKeyThatIsRefused() {
        assertThatThrownBy(() -> ApiKey.of("hunter2"))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageStartingWith("NOD_API_KEY has 7 characters that are no key")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void neverPrintsAKey() {
        var key = ApiKey.of("0123456789abcdef0123456789abcdef");

        assertThat(key).hasToString("[REDACTED]");
        assertThat(key.value()).isEqualTo("0123456789abcdef0123456789abcdef");
    }

    @Test
    void leavesToTheServicesWhatIsTheirs() {
        var commandLine = CommandLine.of("--nod.gateway.x=1", "--nod.standalone.data=d", "--demo");

        assertThat(commandLine.serviceProperties()).containsOnlyKeys("nod.gateway.x");
        assertThat(commandLine.isDemo()).isTrue();
    }
}
