package nod.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import nod.schemas.event.Topic;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class MessagingSettingsTest {

    @Test
    void topicsKeepTheirRecordsAsLongAsTheContractSays() {
        runner().run(
                        context -> {
                            var topics = context.getBean(MessagingSettings.class).topics();
                            assertThat(topics.retention()).isEqualTo(Topic.RETENTION);
                            assertThat(topics.deadLetterRetention())
                                    .isEqualTo(Topic.DEAD_LETTER_RETENTION);
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "topics.retention, 23h",
        "topics.retention, -1ms",
        "topics.dead-letter-retention, 4000d"
    })
    void refusesARetentionThatIsTooShortOrMeansNothing(String key, String value) {
        runner().withPropertyValues("nod.messaging." + key + "=" + value)
                .run(
                        context ->
                                assertThat(context)
                                        .getFailure()
                                        .rootCause()
                                        .hasMessageContaining("expected a duration from 1d to"));
    }

    private static ApplicationContextRunner runner() {
        return new ApplicationContextRunner().withUserConfiguration(JustSettings.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(MessagingSettings.class)
    static class JustSettings {}
}
