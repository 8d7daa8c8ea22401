package nod.collector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import java.time.Duration;
import java.util.Locale;

@ExtendWith(OutputCaptureExtension.class)
class CollectorSettingsTest {

    @Test
    void hasTheDocumentedDefaults() {
        new ApplicationContextRunner()
                .withUserConfiguration(JustSettings.class)
                .run(
                        context -> {
                            var expiry = context.getBean(CollectorSettings.class).expiry();
                            assertThat(expiry.interval()).isEqualTo(Duration.ofMillis(500));
                            assertThat(expiry.batchSize()).isEqualTo(500);
                            var pruning = context.getBean(CollectorSettings.class).pruning();
                            assertThat(pruning.transactions()).isEqualTo(Duration.ofDays(30));
                            assertThat(pruning.interval()).isEqualTo(Duration.ofMinutes(1));
                            assertThat(pruning.batchSize()).isEqualTo(500);
                            var recovery = context.getBean(CollectorSettings.class).recovery();
                            assertThat(recovery.after()).isEqualTo(Duration.ofSeconds(30));
                            assertThat(recovery.interval()).isEqualTo(Duration.ofSeconds(5));
                            assertThat(recovery.batchSize()).isEqualTo(100);
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "expiry.interval  | 5ms   | PT0.005S | expected a duration from 10ms to 1m",
                "expiry.interval  | 2m    | PT2M     | expected a duration from 10ms to 1m",
                "expiry.interval  | often | often    | not a valid duration",
                "expiry.batchSize | 0     | 0        | expected a number from 1 to 10000",
                "expiry.batchSize | 10001 | 10001    | expected a number from 1 to 10000",
                "expiry.batchSize | many  | many     | to int",
                "pruning.transactions | 23h | PT23H  | for a day after its start a phone may"
                        + " report",
                "pruning.interval | 2d    | PT48H    | expected a duration from 100ms to 1d",
                "pruning.batchSize | 0    | 0        | expected a number from 1 to 10000",
                "recovery.after | 9s | PT9S | expected a duration from 10s to 1h",
                "recovery.after | 2h | PT2H | expected a duration from 10s to 1h",
                "recovery.interval | 0s | PT0S | expected a duration from 1s to 10m",
                "recovery.batchSize | 0 | 0 | expected a number from 1 to 10000"
            })
    void stopsTheStartAtAWrongValueAndSaysWhatIsExpected(
            String key, String value, String shown, String expectation, CapturedOutput output) {
        start("--nod.response-collector." + key + "=" + value);

        assertThat(comparable(output.toString()))
                .contains(comparable("nod.response-collector." + key))
                .contains(comparable("Value: \"" + shown + "\""))
                .contains(comparable(expectation));
    }

    /** Keys are shown in either of Spring's spellings. */
    private static String comparable(String text) {
        return text.toLowerCase(Locale.ROOT).replace("-", "");
    }

    @Test
    void stopsTheStartAtAMisspeltKey(CapturedOutput output) {
        start("--nod.response-collector.expiry.intervall=1s");

        assertThat(output).contains("nod.response-collector.expiry.intervall").contains("1s");
    }

    private static void start(String argument) {
        try (var _ =
                new SpringApplicationBuilder(JustSettings.class)
                        .web(WebApplicationType.NONE)
                        .run(argument)) {
            throw new AssertionError("it started");
        } catch (RuntimeException refused) {
            assertThat(refused).hasRootCauseInstanceOf(Exception.class);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(CollectorSettings.class)
    static class JustSettings {}
}
