package nod.messaging.consume;

import org.apache.kafka.clients.consumer.ConsumerConfig;

import java.util.Map;
import java.util.Properties;

/** How soon a record is worked on after it was written, by a consumer that has time for it. */
public enum Pace {
    /** At once: somebody waits for it. */
    AT_ONCE(Map.of()),

    /**
     * Together with those of the same fifth of a second, or as soon as they are 64 KB: nobody waits
     * for it, and a poll and a statement do for many. Kafka holds the answer back; a record costs
     * the broker a fetch of its own otherwise.
     */
    GATHERED(
            Map.of(
                    ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                    "65536",
                    ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                    "200"));

    private final Map<String, String> settings;

    Pace(Map<String, String> settings) {
        this.settings = settings;
    }

    /** What a consumer of this pace has in the place of the service's settings. */
    Properties settings() {
        var properties = new Properties();
        properties.putAll(settings);
        return properties;
    }
}
