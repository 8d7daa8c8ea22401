package nod.collector;

import static org.assertj.core.api.Assertions.assertThat;

import nod.messaging.testing.ApplicationStart;
import nod.schemas.event.TransactionStatus;

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
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Objects;

@ExtendWith(OutputCaptureExtension.class)
class CollectorSettingsTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

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
                            var deliveries = context.getBean(CollectorSettings.class).deliveries();
                            assertThat(deliveries.interval()).isEqualTo(Duration.ofMillis(500));
                            assertThat(deliveries.kept()).isEqualTo(Duration.ofDays(30));
                            assertThat(context.getBean(CollectorSettings.class).webhooks())
                                    .isEmpty();
                            var authentik = context.getBean(CollectorSettings.class).authentik();
                            assertThat(authentik.isConfigured()).isFalse();
                        });
    }

    @Test
    void readsAWebhook() {
        new ApplicationContextRunner()
                .withUserConfiguration(JustSettings.class)
                .withPropertyValues(
                        "nod.response-collector.webhooks.siem.url=https://siem.example.org/hook?a=b",
                        "nod.response-collector.webhooks.siem.secrets=" + SECRET + "," + SECRET,
                        "nod.response-collector.webhooks.siem.statuses=deny,expired")
                .run(
                        context -> {
                            var settings = context.getBean(CollectorSettings.class);
                            var siem = Objects.requireNonNull(settings.webhooks().get("siem"));
                            assertThat(siem.secrets()).hasSize(2);
                            assertThat(siem.statuses())
                                    .containsExactlyInAnyOrder(
                                            TransactionStatus.DENY, TransactionStatus.EXPIRED);
                            assertThat(siem.timeout()).isEqualTo(Duration.ofSeconds(15));
                            assertThat(siem.retryFor()).isEqualTo(Duration.ofDays(3));
                            assertThat(siem.maxInFlight()).isEqualTo(4);
                            assertThat(siem.allowPrivateAddresses()).isFalse();
                            assertThat(settings.toString())
                                    .doesNotContain("MfKQ9r8G")
                                    .doesNotContain("hook?a=b");
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url | http://siem.example.org/ | expected https://HOST/",
                "url | http://127.0.0.1/ | expected https://HOST/",
                "url | https://ann:pass@siem.example.org/ | without user and fragment",
                "url | /hook | expected https://HOST/",
                "secrets | whsec_c2hvcnQ= | expected whsec_ and 24 to 64 bytes in base64",
                "statuses | wait | expected statuses of outcomes, and wait is none",
                "timeout | 31s | expected a duration from 1s to 30s",
                "retry-for | 8d | expected a duration from 1m to 7d",
                "max-in-flight | 0 | expected a number from 1 to 64"
            })
    void stopsTheStartAtAWrongWebhookAndNeverShowsItsSecret(
            String key, String value, String expectation, CapturedOutput output) {
        var prefix = "--nod.response-collector.webhooks.siem.";
        var arguments = new LinkedHashMap<String, String>();
        arguments.put("url", "https://siem.example.org/");
        arguments.put("secrets", SECRET);
        arguments.put(key, value);

        start(
                arguments.entrySet().stream()
                        .map(argument -> prefix + argument)
                        .toArray(String[]::new));

        assertThat(comparable(output.toString()))
                .contains(comparable("nod.response-collector.webhooks[siem]." + key))
                .contains(comparable(expectation));
        assertThat(output).doesNotContain("MfKQ9r8G").doesNotContain("c2hvcnQ=");
    }

    @Test
    void readsWhereAuthentikIs() {
        new ApplicationContextRunner()
                .withUserConfiguration(JustSettings.class)
                .withPropertyValues(
                        "nod.response-collector.authentik.url=https://authentik.example.org/sub/",
                        "nod.response-collector.authentik.token=t0pSecretToken")
                .run(
                        context -> {
                            var settings = context.getBean(CollectorSettings.class);
                            var authentik = settings.authentik();
                            assertThat(authentik.isConfigured()).isTrue();
                            assertThat(authentik.timeout()).isEqualTo(Duration.ofSeconds(10));
                            assertThat(authentik.retryFor()).isEqualTo(Duration.ofDays(3));
                            assertThat(authentik.settleAfter()).isEqualTo(Duration.ofMinutes(1));
                            assertThat(authentik.maxInFlight()).isEqualTo(4);
                            assertThat(settings.toString()).doesNotContain("t0pSecretToken");
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "url | http://authentik.example.org | expected https://HOST",
                "url | https://ann:pass@authentik.example.org | without user, query and fragment",
                "url | https://authentik.example.org/?a=b | without user, query and fragment",
                "url | \"\" | expected https://HOST",
                "token | two words of t0pSecretToken | expected a token of authentik's API",
                "token | \"\" | expected a token of authentik's API",
                "timeout | 31s | expected a duration from 1s to 30s",
                "retry-for | 8d | expected a duration from 1m to 7d",
                "settle-after | 0s | expected a duration from 1s to 10m",
                "max-in-flight | 0 | expected a number from 1 to 64"
            })
    void stopsTheStartAtAWrongAuthentikAndNeverShowsItsToken(
            String key, String value, String expectation, CapturedOutput output) {
        var prefix = "--nod.response-collector.authentik.";
        var arguments = new LinkedHashMap<String, String>();
        arguments.put("url", "https://authentik.example.org");
        arguments.put("token", "t0pSecretToken");
        arguments.put(key, value);

        start(
                arguments.entrySet().stream()
                        .map(argument -> prefix + argument)
                        .toArray(String[]::new));

        assertThat(comparable(output.toString()))
                .contains(comparable("nod.response-collector.authentik." + key))
                .contains(comparable(expectation));
        assertThat(output).doesNotContain("t0pSecretToken");
    }

    @Test
    void stopsTheStartAtAWebhookWithoutAUrlOrASecret(CapturedOutput output) {
        start("--nod.response-collector.webhooks.siem.timeout=5s");

        assertThat(output)
                .contains("expected the URL that outcomes are posted to")
                .contains("expected one secret or more to sign with");
    }

    @Test
    void stopsTheStartAtANameThatNoMetricShouldBear(CapturedOutput output) {
        start(
                "--nod.response-collector.webhooks[Siem_1].url=https://siem.example.org/",
                "--nod.response-collector.webhooks[Siem_1].secrets=" + SECRET);

        assertThat(output).contains("expected a name of 1 to 40 lower-case letters");
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

    private static void start(String... arguments) {
        try (var _ =
                ApplicationStart.of(
                        new SpringApplicationBuilder(JustSettings.class)
                                .web(WebApplicationType.NONE),
                        arguments)) {
            throw new AssertionError("it started");
        } catch (RuntimeException refused) {
            assertThat(refused).hasRootCauseInstanceOf(Exception.class);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(CollectorSettings.class)
    static class JustSettings {}
}
