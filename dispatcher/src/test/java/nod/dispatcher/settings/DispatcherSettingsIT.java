package nod.dispatcher.settings;

import static org.assertj.core.api.Assertions.assertThat;

import nod.dispatcher.push.Simulated;
import nod.dispatcher.seal.HpkeSealing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

@ExtendWith(OutputCaptureExtension.class)
class DispatcherSettingsIT {

    private static final Clock CLOCK = Clock.systemUTC();

    @SpringBootConfiguration
    @EnableConfigurationProperties(DispatcherSettings.class)
    @ImportAutoConfiguration(ValidationAutoConfiguration.class)
    static class Start {
        @Bean
        ProviderClients clients(DispatcherSettings settings) {
            return ProviderClients.of(settings, new HpkeSealing(), CLOCK);
        }
    }

    private static ConfigurableApplicationContext start(String... settings) {
        var arguments = Stream.of(settings).map(setting -> "--" + setting).toArray(String[]::new);
        return new SpringApplicationBuilder(Start.class)
                .web(WebApplicationType.NONE)
                .properties("spring.config.name=none", "spring.main.banner-mode=off")
                .run(arguments);
    }

    private static void refuses(CapturedOutput output, List<String> words, String... settings) {
        try {
            start(settings).close();
        } catch (RuntimeException stopped) {
            assertThat(output.getAll())
                    .contains("APPLICATION FAILED TO START")
                    .contains(words)
                    .doesNotContain("\tat nod.");
            return;
        }
        throw new AssertionError("started in spite of " + List.of(settings));
    }

    private static String[] apns(String... changes) {
        var settings =
                new ArrayList<>(
                        List.of(
                                "nod.dispatcher.apns.topic=org.example.nod",
                                "nod.dispatcher.apns.key-id=NODSIMKEY1",
                                "nod.dispatcher.apns.team-id=NODSIMTEAM",
                                "nod.dispatcher.apns.signing-key="
                                        + Simulated.providers().apnsSigningKeyFile()));
        for (var change : changes) {
            var key = change.substring(0, change.indexOf('='));
            settings.removeIf(setting -> setting.startsWith(key + "="));
            if (!change.endsWith("=")) {
                settings.add(change);
            }
        }
        return settings.toArray(String[]::new);
    }

    @Test
    void startsWithoutAnyProvider() {
        try (var context = start()) {
            assertThat(context.getBean(ProviderClients.class))
                    .isEqualTo(new ProviderClients(null, null));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"firebase-admin", "http2"})
    void startsWithBothProvidersAndEitherClientOfFcm(String client) {
        var settings =
                Stream.concat(
                                Stream.of(apns()),
                                Stream.of(
                                        "nod.dispatcher.fcm.client=" + client,
                                        "nod.dispatcher.fcm.service-account="
                                                + Simulated.providers().fcmServiceAccountFile(),
                                        "nod.dispatcher.fcm.endpoint="
                                                + Simulated.providers().fcmBaseUri(),
                                        "nod.dispatcher.fcm.trusted-certificates="
                                                + Simulated.providers().certificateAuthorityFile()))
                        .toArray(String[]::new);
        try (var context = start(settings)) {
            assertThat(context.getBean(ProviderClients.class).fcm()).isNotNull();
            assertThat(context.getBean(ProviderClients.class).apns()).isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nod.dispatcher.fcm.timeout=soon | nod.dispatcher.fcm.timeout | soon",
                "nod.dispatcher.fcm.timeout=1ms | nod.dispatcher.fcm.timeout | 100",
                "nod.dispatcher.fcm.client=curl | nod.dispatcher.fcm.client | FIREBASE_ADMIN",
                "nod.dispatcher.fcm.max-in-flight=0 | fcm.maxInFlight | greater than or equal to 1",
                "nod.dispatcher.fcm.max-in-flight=many | fcm.max-in-flight | many",
                "nod.dispatcher.fcm.endpoint=http://x | nod.dispatcher.fcm.endpoint | https://HOST",
                "nod.dispatcher.fcm.endpoint=https://x/y | nod.dispatcher.fcm.endpoint |"
                        + " https://HOST",
                "nod.dispatcher.fcm.service-account=/no/such.json |"
                        + " nod.dispatcher.fcm.service-account | a file that exists",
                "nod.dispatcher.apns.port=0 | nod.dispatcher.apns.port | greater than or equal to"
                        + " 1",
                "nod.dispatcher.apns.port=99999 | nod.dispatcher.apns.port | less than or equal to"
                        + " 65535",
                "nod.dispatcher.apns.host= | nod.dispatcher.apns.host | must not be blank",
                "nod.dispatcher.apns.max-in-flight=-1 | apns.maxInFlight | greater than or equal to"
                        + " 1",
                "nod.dispatcher.apns.timeout=1h | nod.dispatcher.apns.timeout | 5 minutes",
                "nod.dispatcher.retry.first=0s | nod.dispatcher.retry.first | 10",
                "nod.dispatcher.retry.longest=100ms | nod.dispatcher.retry.longest | at least"
                        + " nod.dispatcher.retry.first",
                "nod.dispatcher.retry.margin=1h | nod.dispatcher.retry.margin | 30 seconds",
                "nod.dispatcher.breaker.failure-percent=101 | breaker.failurePercent | less than or"
                        + " equal to 100",
                "nod.dispatcher.breaker.window=0s | nod.dispatcher.breaker.window | 1 second",
                "nod.dispatcher.breaker.minimum-calls=0 | breaker.minimumCalls | greater than or"
                        + " equal to 1",
                "nod.dispatcher.breaker.open-for=0s | breaker.openFor | 100",
                "nod.dispatcher.max-waiting=-1 | maxWaiting | greater than or equal to 0",
                "nod.dispatcher.fcm.timeuot=1s | nod.dispatcher.fcm.timeuot | 1s"
            })
    void aWrongValueStopsTheStart(
            String setting, String key, String expected, CapturedOutput output) {
        refuses(output, List.of(key, expected), setting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"topic", "key-id", "team-id", "signing-key"})
    void apnsIsConfiguredWholeOrNotAtAll(String missing, CapturedOutput output) {
        refuses(
                output,
                List.of("nod.dispatcher.apns." + missing, "(absent)", "together"),
                apns("nod.dispatcher.apns." + missing + "="));
    }

    @ParameterizedTest
    @CsvSource({"key-id,SHORT", "team-id,NODSIMTEAM1", "topic,org example"})
    void appleIdsHaveTheirForm(String name, String value, CapturedOutput output) {
        refuses(
                output,
                List.of("nod.dispatcher.apns." + name, '"' + value + '"'),
                apns("nod.dispatcher.apns." + name + "=" + value));
    }

    @Test
    void aSigningKeyIsAKey(@TempDir Path folder, CapturedOutput output) throws IOException {
        var file = Files.writeString(folder.resolve("not-a-key.p8"), "secret words");

        refuses(
                output,
                List.of("nod.dispatcher.apns.signing-key", file.toString(), "EC P-256"),
                apns("nod.dispatcher.apns.signing-key=" + file));
        assertThat(output.getAll()).doesNotContain("secret words");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret words", "{}", "[]", "{\"type\":\"service_account\"}"})
    void aServiceAccountIsOne(String content, @TempDir Path folder, CapturedOutput output)
            throws IOException {
        var file = Files.writeString(folder.resolve("account.json"), content);

        refuses(
                output,
                List.of(
                        "nod.dispatcher.fcm.service-account",
                        file.toString(),
                        "JSON file of a Google service account"),
                "nod.dispatcher.fcm.service-account=" + file);
        assertThat(output.getAll()).doesNotContain("secret words");
    }

    @Test
    void trustedCertificatesAreCertificates(@TempDir Path folder, CapturedOutput output)
            throws IOException {
        var file = Files.writeString(folder.resolve("ca.pem"), "nothing");

        refuses(
                output,
                List.of("nod.dispatcher.apns.trusted-certificates", file.toString(), "PEM"),
                apns("nod.dispatcher.apns.trusted-certificates=" + file));
    }

    @Test
    void aServiceAccountWithoutAProjectIsRefused(@TempDir Path folder, CapturedOutput output)
            throws IOException {
        var whole = Files.readString(Simulated.providers().fcmServiceAccountFile());
        var file =
                Files.writeString(
                        folder.resolve("account.json"), whole.replace("project_id", "projekt"));

        refuses(
                output,
                List.of("nod.dispatcher.fcm.service-account", file.toString(), "project"),
                "nod.dispatcher.fcm.service-account=" + file);
    }
}
