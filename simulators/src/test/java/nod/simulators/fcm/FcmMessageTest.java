package nod.simulators.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

class FcmMessageTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"message":{"token":"t"}}                               | t
                    {"message":{"fid":"f"}}                                 | f
                    {"message":{"topic":"news"}}                            | news
                    {"message":{"token":"t","android":{"ttl":"60s"}}}       | t
                    {"message":{"token":"t","android":{"ttl":"0.500s"}}}    | t
                    {"message":{"token":"t","android":{"priority":"high"}}} | t
                    {"message":{"token":"t","data":{"a":"b"}}}              | t
                    """)
    void acceptsWhatFcmAccepts(String json, String key) {
        FcmMessage message = message(json);

        assertThat(message.violation()).isEmpty();
        assertThat(message.key()).contains(key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    no json                                                 | message
                    {}                                                      | message
                    {"message":{}}                                          | message
                    {"message":{"token":"t","fid":"f"}}                     | message
                    {"message":{"token":""}}                                | message.token
                    {"message":{"token":"a blank"}}                         | message.token
                    {"message":{"fid":7}}                                   | message.fid
                    {"message":{"token":"t","data":{"a":1}}}                | message.data[a]
                    {"message":{"token":"t","data":{"from":"x"}}}           | message.data[from]
                    {"message":{"token":"t","data":{"gcm.x":"x"}}}          | message.data[gcm.x]
                    {"message":{"token":"t","android":{"ttl":"60"}}}        | message.android.ttl
                    {"message":{"token":"t","android":{"ttl":"-1s"}}}       | message.android.ttl
                    {"message":{"token":"t","android":{"ttl":"2419201s"}}}  | message.android.ttl
                    {"message":{"token":"t","android":{"priority":"top"}}}  | message.android.priority
                    """)
    void namesTheFieldThatFcmRefuses(String json, String field) {
        assertThat(message(json).violation()).map(FcmAnswers.Violation::field).contains(field);
    }

    @Test
    void countsDataAndNotificationTogether() {
        String json =
                "{\"message\":{\"token\":\"t\",\"notification\":{\"title\":\"%s\"},"
                        + "\"data\":{\"d\":\"%s\"}}}";

        assertThat(message(json.formatted("x".repeat(1000), "x".repeat(3090))).violation())
                .isEmpty();
        assertThat(message(json.formatted("x".repeat(1000), "x".repeat(3091))).violation())
                .isPresent();
    }

    @Test
    void countsBytesNotCharacters() {
        String json = "{\"message\":{\"token\":\"t\",\"data\":{\"d\":\"%s\"}}}";

        assertThat(message(json.formatted("ü".repeat(2048))).violation()).isPresent();
    }

    private static FcmMessage message(String json) {
        return FcmMessage.of(json.getBytes(StandardCharsets.UTF_8));
    }
}
