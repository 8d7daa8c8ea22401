package nod.messaging.deadletter;

import nod.messaging.KafkaClientConfiguration;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ProducerFactory;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Administers a service's dead letters from the command line, with the service's own configuration
 * of Kafka but without its database, its web server and its work. What was asked for goes to
 * standard output, everything else to standard error; nothing is logged.
 */
public final class DeadLettersMain {

    private static final String COMMAND = "dead-letters";

    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    /** How long Kafka may give no answer: an operator waits, no login does. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String service;
    private final List<DeadLetterTopic> topics;
    private final PrintStream out;
    private final PrintStream err;

    private DeadLettersMain(
            String service, List<DeadLetterTopic> topics, PrintStream out, PrintStream err) {
        this.service = service;
        this.topics = topics;
        this.out = out;
        this.err = err;
    }

    /** No stereotype: a service's own component scan passes it by. */
    @ImportAutoConfiguration({SslAutoConfiguration.class, KafkaAutoConfiguration.class})
    @Import(KafkaClientConfiguration.class)
    static class Beans {}

    /** Whether the arguments of a service are a command to this program. */
    public static boolean isMeant(String... arguments) {
        return arguments.length > 0 && arguments[0].equals(COMMAND);
    }

    /** Does what the arguments say with the dead letters of that service; the exit status. */
    public static int run(Topic.Producer service, String... arguments) {
        return run(
                service.serviceName(),
                DeadLetterTopic.of(service),
                System.out,
                System.err,
                arguments);
    }

    static int run(
            String service,
            List<DeadLetterTopic> topics,
            PrintStream out,
            PrintStream err,
            String... arguments) {
        return new DeadLettersMain(service, topics, out, err).run(Arrays.asList(arguments));
    }

    private int run(List<String> arguments) {
        try {
            return run(CommandLine.parse(arguments.subList(1, arguments.size())));
        } catch (UsageException misused) {
            err.println(COMMAND + ": " + misused.getMessage());
            return MISUSED;
        } catch (RuntimeException failure) {
            var cause = NestedExceptionUtils.getMostSpecificCause(failure);
            err.println(COMMAND + ": it could not be done: " + cause.getMessage());
            return FAILED;
        }
    }

    private int run(CommandLine line) {
        try (var context = start(line.settings())) {
            ConsumerFactory<?, ?> consumers = context.getBean(ConsumerFactory.class);
            ProducerFactory<?, ?> producers = context.getBean(ProducerFactory.class);
            return run(
                    line.command(),
                    consumers.getConfigurationProperties(),
                    producers.getConfigurationProperties());
        }
    }

    private int run(
            DeadLetterCommand command,
            Map<String, Object> consumers,
            Map<String, Object> producers) {
        try (var consumer = consumer(consumers);
                var producer = producer(producers)) {
            var log = new DeadLetterLog(consumer, PATIENCE);
            return new Desk(topics, log, new Replay(producer), new LetterPrinter(out), err)
                    .run(command);
        } catch (KafkaException failure) {
            err.printf(
                    "%s: Kafka at %s (spring.kafka.bootstrap-servers) did not do it: %s%n",
                    COMMAND,
                    consumers.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG),
                    NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
            return FAILED;
        }
    }

    /** Keys as bytes: what is no text either is shown, and replayed, as it is. */
    private static Consumer<byte[], byte[]> consumer(Map<String, Object> configuration) {
        var own = new HashMap<>(configuration);
        own.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return new KafkaConsumer<>(own, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Producer<byte[], byte[]> producer(Map<String, Object> configuration) {
        var own = new HashMap<>(configuration);
        own.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) PATIENCE.toMillis());
        return new KafkaProducer<>(own, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private ConfigurableApplicationContext start(List<String> settings) {
        return new SpringApplicationBuilder(Beans.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .registerShutdownHook(false)
                .properties(
                        "spring.config.name=" + service,
                        // Standard output is for what was asked for.
                        "logging.threshold.console=off")
                .run(settings.toArray(String[]::new));
    }
}
