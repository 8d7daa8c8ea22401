package nod.gateway;

import nod.gateway.migration.MigrateMain;
import nod.gateway.security.apikey.ApiKeyMain;
import nod.messaging.MessagingConfiguration;
import nod.messaging.deadletter.DeadLettersMain;
import nod.messaging.outbox.OutboxConfiguration;
import nod.schemas.event.Topic.Producer;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import java.time.Clock;

/** The gateway as a program of its own; its configuration is named {@code gateway}. */
@SpringBootApplication
@EnableConfigurationProperties(GatewaySettings.class)
@Import({MessagingConfiguration.class, OutboxConfiguration.class})
public class GatewayApplication {

    /**
     * Starts the gateway or, if the first argument is {@code api-key}, {@code dead-letters} or
     * {@code migrate}, administers its keys or its dead letters, or migrates the database.
     */
    public static void main(String[] arguments) {
        if (ApiKeyMain.isMeant(arguments)) {
            System.exit(ApiKeyMain.run(arguments));
        }
        if (DeadLettersMain.isMeant(arguments)) {
            System.exit(DeadLettersMain.run(Producer.GATEWAY, arguments));
        }
        if (MigrateMain.isMeant(arguments)) {
            System.exit(MigrateMain.run(arguments));
        }
        new SpringApplicationBuilder(GatewayApplication.class)
                .properties("spring.config.name=gateway")
                .run(arguments);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Producer producer() {
        return Producer.GATEWAY;
    }
}
