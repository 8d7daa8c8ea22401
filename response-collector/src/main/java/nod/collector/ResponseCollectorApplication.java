package nod.collector;

import nod.collector.webhook.WebhooksMain;
import nod.messaging.MessagingConfiguration;
import nod.messaging.deadletter.DeadLettersMain;
import nod.messaging.outbox.OutboxConfiguration;
import nod.schemas.event.Topic.Producer;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The response collector as a program; its configuration is named {@code response-collector}. */
@SpringBootApplication
@EnableConfigurationProperties(CollectorSettings.class)
@Import({MessagingConfiguration.class, OutboxConfiguration.class})
public class ResponseCollectorApplication {

    /**
     * Starts the response collector or, if the first argument is {@code dead-letters} or {@code
     * webhooks}, administers its dead letters or its webhooks.
     */
    public static void main(String[] arguments) {
        if (DeadLettersMain.isMeant(arguments)) {
            System.exit(DeadLettersMain.run(Producer.RESPONSE_COLLECTOR, arguments));
        }
        if (WebhooksMain.isMeant(arguments)) {
            System.exit(WebhooksMain.run(arguments));
        }
        new SpringApplicationBuilder(ResponseCollectorApplication.class)
                .properties("spring.config.name=response-collector")
                .run(arguments);
    }

    @Bean
    Producer producer() {
        return Producer.RESPONSE_COLLECTOR;
    }
}
