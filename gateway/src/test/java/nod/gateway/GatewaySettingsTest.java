package nod.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.schemas.event.ItemMode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

class GatewaySettingsTest {

    private static final String KEY = "k".repeat(32);

    @EnableConfigurationProperties(GatewaySettings.class)
    static class Configuration {}

    @Test
    void hasDefaultsForAllButTheUrlAndTheKeys() {
        run(
                Map.of(),
                settings -> {
                    assertThat(settings.publicUrl()).hasToString("https://push.example.org/nod/");
                    assertThat(settings.enrollment().tokenLifetime()).hasMinutes(30);
                    assertThat(settings.enrollment().maxDevices()).isEqualTo(20);
                    assertThat(settings.transaction().supersede()).isTrue();
                    assertThat(settings.transaction().allowedModes())
                            .containsExactlyInAnyOrder(ItemMode.values());
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nod.gateway.public-url             | http://push.example.org | expected https",
                "nod.gateway.public-url             | ftp://localhost         | expected https",
                "nod.gateway.public-url             | https://a.example/?x=1  | expected https",
                "nod.gateway.api-keys.authentik     | short                   | expected at least"
                        + " 32",
                "nod.gateway.enrollment.token-lifetime | 5s                   | 1 minute",
                "nod.gateway.enrollment.token-lifetime | soon                 | java.time.Duration",
                "nod.gateway.enrollment.max-devices | 0                       | greater than or"
                        + " equal to 1",
                "nod.gateway.transaction.allowed-modes | telepathy            | telepathy",
                "nod.gateway.transaction.supercede  | true                    | supercede"
            })
    void refusesAWrongValueAndSaysWhatIsExpected(String key, String value, String said) {
        runner(Map.of(key, value))
                .run(
                        context -> {
                            assertThat(context).hasFailed();
                            assertThatThrownBy(() -> context.getBean(GatewaySettings.class))
                                    .rootCause()
                                    .isNotNull();
                            var messages = new StringBuilder();
                            for (var cause = context.getStartupFailure();
                                    cause != null;
                                    cause = cause.getCause()) {
                                messages.append(cause.getMessage()).append('\n');
                            }
                            assertThat(messages.toString())
                                    .contains(said)
                                    .doesNotContain("too short");
                        });
    }

    private static void run(Map<String, String> properties, Consumer<GatewaySettings> assertions) {
        runner(properties)
                .run(
                        context -> {
                            assertThat(context).hasNotFailed();
                            assertions.accept(context.getBean(GatewaySettings.class));
                        });
    }

    private static ApplicationContextRunner runner(Map<String, String> properties) {
        var all =
                new HashMap<>(
                        Map.of(
                                "nod.gateway.public-url",
                                "https://push.example.org/nod",
                                "nod.gateway.api-keys.authentik",
                                KEY));
        all.putAll(properties);
        return new ApplicationContextRunner()
                .withUserConfiguration(Configuration.class)
                .withPropertyValues(
                        all.entrySet().stream()
                                .map(property -> property.getKey() + "=" + property.getValue())
                                .toArray(String[]::new));
    }
}
