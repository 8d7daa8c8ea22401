package nod.dispatcher;

import nod.messaging.MessagingConfiguration;
import nod.messaging.deadletter.DeadLettersMain;
import nod.schemas.event.Topic.Producer;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/**
 * The dispatcher as a service. Its defaults are in {@code dispatcher.yml}: whoever starts it
 * otherwise than by {@link #main} sets {@code spring.config.name} to {@code dispatcher}.
 */
@SpringBootApplication
@Import(MessagingConfiguration.class)
public class DispatcherApplication {

    /**
     * Starts the service or, if the first argument is {@code dead-letters}, administers its dead
     * letters.
     */
    public static void main(String[] arguments) {
        if (DeadLettersMain.isMeant(arguments)) {
            System.exit(DeadLettersMain.run(Producer.DISPATCHER, arguments));
        }
        new SpringApplicationBuilder(DispatcherApplication.class)
                .properties("spring.config.name=dispatcher")
                .run(arguments);
    }
}
