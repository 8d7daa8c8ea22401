package nod.dispatcher.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import nod.dispatcher.provider.ProvidersHealthIndicator;
import nod.dispatcher.push.Simulated;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

class ProvidersConfigurationIT {

    @SpringBootConfiguration
    @Import(ProvidersConfiguration.class)
    static class Start {
        @Bean
        MeterRegistry metrics() {
            return new SimpleMeterRegistry();
        }
    }

    /** Nobody has logged in yet. */
    @Test
    void aDispatcherWhoseCredentialsAreRefusedSaysSoAsSoonAsItIsStarted(@TempDir Path folder)
            throws IOException {
        var simulators = Simulated.providers();
        var account = Files.readString(simulators.fcmServiceAccountFile());
        var stranger =
                Files.writeString(
                        folder.resolve("stranger.json"), account.replace("nod@", "stranger@"));

        try (var started =
                new SpringApplicationBuilder(Start.class)
                        .web(WebApplicationType.NONE)
                        .properties("spring.config.name=none", "spring.main.banner-mode=off")
                        .run(
                                "--nod.dispatcher.fcm.service-account=" + stranger,
                                "--nod.dispatcher.fcm.endpoint=" + simulators.fcmBaseUri(),
                                "--nod.dispatcher.fcm.trusted-certificates="
                                        + simulators.certificateAuthorityFile())) {
            var health = started.getBean(ProvidersHealthIndicator.class);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () ->
                                    assertThat(health.health().getDetails().get("fcm"))
                                            .asString()
                                            .startsWith("credentials refused: "));
        }
    }
}
