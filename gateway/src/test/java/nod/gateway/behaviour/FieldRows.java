package nod.gateway.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.behaviour.World.Phone;

import java.util.List;
import java.util.Map;

/** Field errors. */
final class FieldRows {

    private static final String REQUIRED = "This field is required.";

    private final World world;

    FieldRows(World world) {
        this.world = world;
    }

    List<Row> rows() {
        return List.of(
                new Row(90, this::allAtOnce),
                new Row(91, () -> begin("{}").refuses("user", REQUIRED)),
                new Row(92, () -> refused("null", "This field may not be null.")),
                new Row(93, this::blank),
                new Row(94, this::noText),
                new Row(95, this::numbersAndBlanks),
                new Row(96, this::tooLong),
                new Row(97, this::choice),
                new Row(98, this::uuid),
                new Row(99, () -> refused("\"a\\u0000b\"", "Null characters are not allowed.")),
                new Row(100, this::nested),
                new Row(101, this::noNestedObject),
                new Row(102, this::noObject),
                new Row(103, this::nullBody),
                new Row(104, this::noBody));
    }

    private Client.Answer begin(String json) {
        return world.deployment().post("", json);
    }

    private void refused(String user, String sentence) {
        begin("{\"user\": %s}".formatted(user)).refuses("user", sentence);
    }

    private Client.Answer checkIn(String json) {
        Phone phone = world.phone(world.newUser());
        return phone.client().post(phone.device() + "/check_in/", json);
    }

    private void allAtOnce() {
        world.deployment()
                .post("transactions/", "{\"title\": \"\", \"expires_in\": 5, \"device\": \"x\"}")
                .is(
                        400,
                        """
                        {"device": ["Must be a valid UUID."],
                         "title": ["This field may not be blank."],
                         "expires_in": ["Ensure this value is greater than or equal to 10."]}
                        """);
    }

    private void blank() {
        for (var blank : List.of("\"\"", "\"  \"", "\"\\t\\n\"")) {
            refused(blank, "This field may not be blank.");
        }
    }

    private void noText() {
        for (var other : List.of("true", "false", "[]", "[\"a\"]", "{}")) {
            refused(other, "Not a valid string.");
        }
    }

    private void numbersAndBlanks() {
        var answer = begin("{\"user\": 12, \"name\": \"  a phone \"}").is(201);

        assertThat(answer.at("/device/name")).isEqualTo("a phone");
        assertThat(world.deployment().get("?user=12").json().at("/pagination/count").asInt())
                .isEqualTo(1);
    }

    private void tooLong() {
        begin("{\"user\": \"u\", \"name\": \"%s\"}".formatted("x".repeat(65)))
                .refuses("name", "Ensure this field has no more than 64 characters.");
    }

    private void choice() {
        checkIn(World.info("h").replace("android", "x"))
                .refuses("platform", "\"x\" is not a valid choice.");
    }

    private void uuid() {
        var phone = world.phone(world.newUser());
        for (var odd : List.of("x", "1-1-1-1-1", "")) {
            phone.answer(odd, "accept").refuses("tx_id", "Must be a valid UUID.");
        }
    }

    private Client.Answer callback(String json) {
        var begun = world.begin(world.newUser());
        return world.withToken(begun.token()).post(begun.device() + "/enrollment_callback/", json);
    }

    private void nested() {
        callback("{\"device_uid\": \"u\", \"info\": %s}".formatted(World.info(" ")))
                .is(400, "{\"info\": {\"hostname\": [\"This field may not be blank.\"]}}");
    }

    private static final Map<String, String> NAMES =
            Map.of("[]", "list", "\"x\"", "str", "1", "int", "1.5", "float", "true", "bool");

    private void noNestedObject() {
        NAMES.forEach(
                (json, name) ->
                        callback("{\"device_uid\": \"u\", \"info\": %s}".formatted(json))
                                .is(400, "{\"info\": %s}".formatted(noDictionary(name))));
    }

    private static String noDictionary(String name) {
        return "{\"non_field_errors\": [\"Invalid data. Expected a dictionary, but got %s.\"]}"
                .formatted(name);
    }

    private void noObject() {
        NAMES.forEach((json, name) -> begin(json).is(400, noDictionary(name)));
    }

    private void nullBody() {
        begin("null").refuses("non_field_errors", "No data provided");
    }

    private void noBody() {
        world.deployment().post("", null).refuses("user", REQUIRED);
        world.deployment().patch(world.phone(world.newUser()).device() + "/", null).is(200);
    }
}
