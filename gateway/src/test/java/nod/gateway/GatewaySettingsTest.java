package nod.gateway;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static final Map<String, String> JWT =
            Map.of(
                    "nod.gateway.jwt.issuer", "https://auth.example.org/application/o/nod/",
                    "nod.gateway.jwt.jwks-uri", "https://auth.example.org/application/o/nod/jwks/",
                    "nod.gateway.jwt.audiences", "flows, portal");

    @EnableConfigurationProperties(GatewaySettings.class)
    static class Configuration {}

    @Test
    void hasDefaultsForAllButTheUrl() {
        run(
                Map.of(),
                settings -> {
                    assertThat(settings.publicUrl()).hasToString("https://push.example.org/nod/");
                    assertThat(settings.apiKeys()).isEmpty();
                    assertThat(settings.trustedProxies()).isEmpty();
                    assertThat(settings.throttle().credentialFailuresPerMinute()).isEqualTo(60);
                    assertThat(settings.jwt().issuer()).isNull();
                    assertThat(settings.jwt().deploymentScope()).isEqualTo("nod:deployment");
                    assertThat(settings.jwt().ownerScope()).isEqualTo("goauthentik.io/api");
                    assertThat(settings.jwt().ownerEnrollment()).isFalse();
                    assertThat(settings.enrollment().tokenLifetime()).hasMinutes(30);
                    assertThat(settings.enrollment().maxDevices()).isEqualTo(20);
                    assertThat(settings.transaction().supersede()).isTrue();
                    assertThat(settings.pause().first()).hasSeconds(30);
                    assertThat(settings.pause().longest()).hasHours(1);
                    assertThat(settings.pause().forgottenAfter()).hasHours(24);
                    assertThat(settings.pause().free()).isEqualTo(2);
                    assertThat(settings.pause().freeWithin()).hasMinutes(10);
                    assertThat(settings.pruning().enrollments()).hasDays(1);
                    assertThat(settings.pruning().idempotencyKeys()).hasDays(1);
                    assertThat(settings.pruning().pauses()).hasDays(1);
                    assertThat(settings.transaction().allowedModes())
                            .containsExactlyInAnyOrder(ItemMode.values());
                });
    }

    @Test
    void takesAKeyAndItsHash() {
        var properties =
                Map.of(
                        "nod.gateway.api-keys.one",
                        "k".repeat(32),
                        "nod.gateway.api-keys.two",
                        "sha256:" + "0f".repeat(32));
        run(
                properties,
                settings -> {
                    assertThat(settings.apiKeys()).containsOnlyKeys("one", "two");
                    assertThat(settings.toString()).doesNotContain("kkk", "0f0f");
                });
    }

    @Test
    void takesNetworksOfProxies() {
        run(
                Map.of("nod.gateway.trusted-proxies", "10.0.0.0/8, 2001:db8::/32"),
                settings ->
                        assertThat(settings.trustedProxies())
                                .containsOnly("10.0.0.0/8", "2001:db8::/32"));
    }

    @Test
    void namesTheNetworkThatIsNone() {
        assertRefused(
                Map.of("nod.gateway.trusted-proxies", "10.0.0.0/8, 10.0.0.1/8"),
                "trustedProxies",
                "[10.0.0.1/8]",
                "such as 10.0.0.0/8");
    }

    @Test
    void takesTheWholeOfAnIssuer() {
        run(
                JWT,
                settings -> assertThat(settings.jwt().audiences()).containsOnly("flows", "portal"));
    }

    @ParameterizedTest
    @CsvSource({
        "nod.gateway.jwt.issuer,    expected the iss",
        "nod.gateway.jwt.jwks-uri,  expected where its keys are",
        "nod.gateway.jwt.audiences, expected an aud"
    })
    void refusesAPartOfAnIssuer(String missing, String said) {
        var part = new HashMap<>(JWT);
        part.remove(missing);

        assertRefused(part, said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nod.gateway.public-url             | http://push.example.org | expected https",
                "nod.gateway.public-url             | ftp://localhost         | expected https",
                "nod.gateway.public-url             | https://a.example/?x=1  | expected https",
                "nod.gateway.api-keys.authentik     | too short               | expected at least"
                        + " 32",
                "nod.gateway.api-keys.authentik     | sha256:0123abcd         | 64 hexadecimal",
                "nod.gateway.trusted-proxies        | 10.0.0.1                | such as 10.0.0.0/8",
                "nod.gateway.trusted-proxies        | proxy.example.org/32    | such as 10.0.0.0/8",
                "nod.gateway.trusted-proxies        | 0.0.0.0/0               | at least 1",
                "nod.gateway.throttle.credential-failures-per-minute | 0     | greater than or"
                        + " equal to 1",
                "nod.gateway.jwt.jwks-uri           | http://auth.example    | expected https",
                "nod.gateway.jwt.deployment-scope   | two words               | without blanks",
                "nod.gateway.jwt.deployment-scope   | goauthentik.io/api      | another scope than"
                        + " owner-scope",
                "nod.gateway.jwt.key-lifetime       | 5s                      | 1 minute",
                "nod.gateway.jwt.audience           | x                       | jwt.audience",
                "nod.gateway.enrollment.token-lifetime | 5s                   | 1 minute",
                "nod.gateway.enrollment.token-lifetime | soon                 | java.time.Duration",
                "nod.gateway.enrollment.max-devices | 0                       | greater than or"
                        + " equal to 1",
                "nod.gateway.transaction.allowed-modes | telepathy            | telepathy",
                "nod.gateway.pause.first            | 2h                      | at least the time"
                        + " of first",
                "nod.gateway.pause.longest          | 29s                     | at least the time"
                        + " of first",
                "nod.gateway.pause.first            | -1s                     | longer than or"
                        + " equal to 0",
                "nod.gateway.pause.forgotten-after  | 59m                     | at most the time of"
                        + " forgotten-after",
                "nod.gateway.pause.forgotten-after  | 25h                     | may have left the"
                        + " database",
                "nod.gateway.pause.free             | -1                      | greater than or"
                        + " equal to 0",
                "nod.gateway.pause.free-within      | 0s                      | 1 second",
                "nod.gateway.pruning.enrollments    | 59m                     | may still be under"
                        + " way",
                "nod.gateway.pruning.idempotency-keys | 0s                    | must not start a"
                        + " second login",
                "nod.gateway.pruning.pauses         | 1m                      | from 1h to 3650d",
                "nod.gateway.pruning.transactions   | 30d                     |"
                        + " pruning.transactions",
                "nod.gateway.transaction.supercede  | true                    | supercede"
            })
    void refusesAWrongValueAndSaysWhatIsExpected(String key, String value, String said) {
        assertRefused(Map.of(key, value), said);
    }

    @Test
    void takesNoPausesForASetting() {
        run(
                Map.of("nod.gateway.pause.first", "0s"),
                settings -> assertThat(settings.pause().isOn()).isFalse());
    }

    private static void assertRefused(Map<String, String> properties, String... said) {
        runner(properties)
                .run(
                        context -> {
                            assertThat(context).hasFailed();
                            var messages = new StringBuilder();
                            for (var cause = context.getStartupFailure();
                                    cause != null;
                                    cause = cause.getCause()) {
                                messages.append(cause.getMessage()).append('\n');
                            }
                            assertThat(messages.toString())
                                    .contains(said)
                                    .doesNotContain("too short", "0123abcd");
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
        var all = new HashMap<>(Map.of("nod.gateway.public-url", "https://push.example.org/nod"));
        all.putAll(properties);
        return new ApplicationContextRunner()
                .withUserConfiguration(Configuration.class)
                .withPropertyValues(
                        all.entrySet().stream()
                                .map(property -> property.getKey() + "=" + property.getValue())
                                .toArray(String[]::new));
    }
}
