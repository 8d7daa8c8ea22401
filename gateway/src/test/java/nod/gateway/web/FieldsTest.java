package nod.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

class FieldsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static Fields fields(String json) {
        return Fields.of(JSON.readTree(json));
    }

    private static Map<String, ?> errors(String json, Consumer<Fields> read) {
        var fields = fields(json);
        read.accept(fields);
        return catchThrowableOfType(Refusal.class, fields::check).body();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                     | This field is required.",
                "{\"x\": null}          | This field may not be null.",
                "{\"x\": \"\"}          | This field may not be blank.",
                "{\"x\": \" \\t \"}     | This field may not be blank.",
                "{\"x\": true}          | Not a valid string.",
                "{\"x\": [\"a\"]}       | Not a valid string.",
                "{\"x\": {}}            | Not a valid string.",
                "{\"x\": \"abcde\"}     | Ensure this field has no more than 4 characters.",
                "{\"x\": \"a\\u0000b\"} | Null characters are not allowed."
            })
    void refusesWhatIsNoText(String json, String sentence) {
        assertThat(errors(json, fields -> fields.text("x", 4)))
                .isEqualTo(Map.of("x", List.of(sentence)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"x\": \"abcd\"}   | abcd",
                "{\"x\": \" ab \"}   | ab",
                "{\"x\": 12}         | 12",
                "{\"x\": 1.5}        | 1.5",
                "{\"x\": \"😀😀😀😀\"} | 😀😀😀😀"
            })
    void readsTexts(String json, String expected) {
        var fields = fields(json);

        assertThat(fields.text("x", 4)).isEqualTo(expected);
        fields.check();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "null      | No data provided",
                "[]        | Invalid data. Expected a dictionary, but got list.",
                "\"a\"     | Invalid data. Expected a dictionary, but got str.",
                "1         | Invalid data. Expected a dictionary, but got int.",
                "1.5       | Invalid data. Expected a dictionary, but got float.",
                "true      | Invalid data. Expected a dictionary, but got bool."
            })
    void refusesABodyThatIsNoObject(String json, String sentence) {
        var refusal = catchThrowableOfType(Refusal.class, () -> fields(json));

        assertThat(refusal.body()).isEqualTo(Map.of("non_field_errors", List.of(sentence)));
    }

    @Test
    void nestsTheErrorsOfAnObject() {
        var errors =
                errors(
                        "{\"a\": {\"b\": 1}, \"c\": 2}",
                        fields -> {
                            fields.object("a").text("missing", 4);
                            fields.object("c");
                            fields.object("d");
                        });

        assertThat(JSON.writeValueAsString(errors))
                .isEqualTo(
                        """
                        {"a":{"missing":["This field is required."]},\
                        "c":{"non_field_errors":["Invalid data. Expected a dictionary, but got int."]},\
                        "d":["This field is required."]}\
                        """);
    }

    @Test
    void anObjectWithoutErrorsIsNoError() {
        var fields = fields("{\"a\": {\"b\": \"x\"}}");

        fields.object("a").text("b", 4);

        fields.check();
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"x\": 9}', 'Ensure this value is greater than or equal to 10.'",
        "'{\"x\": 21}', 'Ensure this value is less than or equal to 20.'",
        "'{\"x\": 10.5}', A valid integer is required.",
        "'{\"x\": \"ten\"}', A valid integer is required.",
        "'{\"x\": true}', A valid integer is required.",
        "'{\"x\": [12]}', A valid integer is required.",
        "'{\"x\": {}}', A valid integer is required.",
        "'{\"x\": 1e400}', A valid integer is required.",
        "'{\"x\": null}', This field may not be null."
    })
    void refusesWhatIsNoWholeNumberInItsBounds(String json, String sentence) {
        assertThat(errors(json, fields -> fields.integer("x", 10, 20, 15)))
                .isEqualTo(Map.of("x", List.of(sentence)));
    }

    @Test
    void readsWholeNumbers() {
        assertThat(fields("{}").integer("x", 10, 20, 15)).isEqualTo(15);
        assertThat(fields("{\"x\": 12}").integer("x", 10, 20, 15)).isEqualTo(12);
        assertThat(fields("{\"x\": \"12\"}").integer("x", 10, 20, 15)).isEqualTo(12);
    }

    @Test
    void readsUuidsInTheirFullForm() {
        var id = UUID.randomUUID();

        assertThat(fields("{\"x\": \"" + id + "\"}").uuid("x")).isEqualTo(id);
        assertThat(errors("{\"x\": \"1-1-1-1-1\"}", fields -> fields.uuid("x")))
                .isEqualTo(Map.of("x", List.of("Must be a valid UUID.")));
        for (var odd : List.of("7", "[]", "{}", "true")) {
            assertThat(errors("{\"x\": " + odd + "}", fields -> fields.optionalUuid("x")))
                    .isEqualTo(Map.of("x", List.of("Must be a valid UUID.")));
        }
    }

    @Test
    void refusesAChoiceThatThereIsNot() {
        assertThat(errors("{\"x\": \"c\"}", fields -> fields.choice("x", Map.of("a", 1), null)))
                .isEqualTo(Map.of("x", List.of("\"c\" is not a valid choice.")));
    }

    @Test
    void boundsAnObjectThatIsKeptAsItStands() {
        assertThatThrownBy(
                        () -> {
                            var fields = fields("{\"x\": {\"a\": \"0123456789\"}}");
                            fields.json("x", 10);
                            fields.check();
                        })
                .isInstanceOf(Refusal.class);
        assertThat(fields("{\"x\": {\"a\": 1}}").json("x", 10).path("a").asInt()).isEqualTo(1);
    }
}
