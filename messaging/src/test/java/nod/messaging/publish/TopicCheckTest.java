package nod.messaging.publish;

import static org.assertj.core.api.Assertions.assertThat;

import nod.messaging.publish.TopicCheck.Deviation;

import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.Level;

import java.time.Duration;
import java.util.List;

class TopicCheckTest {

    private static final long DAY = 24L * 3600 * 1000;

    private final WantedTopic topic = new WantedTopic("push.a.v1", Duration.ofDays(30));

    @ParameterizedTest
    @CsvSource({"30", "31", "36500"})
    void isContentWithATopicThatKeepsItsRecordsLongEnough(long days) {
        assertThat(deviations("delete", "" + days * DAY, "-1")).isEmpty();
    }

    @Test
    void isContentWithATopicThatKeepsItsRecordsForEver() {
        assertThat(deviations("delete", "-1", "-1")).isEmpty();
    }

    @Test
    void warnsOfATopicThatForgetsTooSoon() {
        assertThat(deviations("delete", "" + 7 * DAY, "-1"))
                .singleElement()
                .satisfies(
                        deviation -> {
                            assertThat(deviation.level()).isEqualTo(Level.WARN);
                            assertThat(deviation)
                                    .hasToString(
                                            "Topic push.a.v1 has retention.ms=604800000 (7 days),"
                                                + " expected is at least 2592000000 (30 days):"
                                                + " records are deleted before their time. To"
                                                + " change it: kafka-configs.sh --bootstrap-server"
                                                + " HOST:PORT --alter --entity-type topics"
                                                + " --entity-name push.a.v1 --add-config"
                                                + " retention.ms=2592000000");
                        });
    }

    @ParameterizedTest
    @CsvSource({"compact", "'compact,delete'"})
    void complainsOfATopicThatIsCompacted(String policy) {
        assertThat(deviations(policy, "-1", "-1"))
                .singleElement()
                .satisfies(
                        deviation -> {
                            assertThat(deviation.level()).isEqualTo(Level.ERROR);
                            assertThat(deviation.toString())
                                    .contains("cleanup.policy=" + policy, "expected is delete")
                                    .endsWith("--add-config cleanup.policy=delete");
                        });
    }

    @Test
    void warnsOfATopicWhoseSizeIsLimited() {
        assertThat(deviations("delete", "-1", "1000000"))
                .singleElement()
                .extracting(Deviation::toString)
                .asString()
                .contains("retention.bytes=1000000", "expected is -1");
    }

    @Test
    void namesEachDeviation() {
        assertThat(deviations("compact", "1000", "1000")).hasSize(3);
    }

    @Test
    void saysNothingOfWhatTheClusterDoesNotTell() {
        assertThat(TopicCheck.deviations(topic, new Config(List.of()))).isEmpty();
    }

    private List<Deviation> deviations(String policy, String millis, String bytes) {
        return TopicCheck.deviations(
                topic,
                new Config(
                        List.of(
                                new ConfigEntry("cleanup.policy", policy),
                                new ConfigEntry("retention.ms", millis),
                                new ConfigEntry("retention.bytes", bytes))));
    }
}
