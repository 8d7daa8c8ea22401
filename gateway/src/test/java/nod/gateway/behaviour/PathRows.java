package nod.gateway.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.RunningGateway;

import java.util.List;
import java.util.UUID;

/** Paths and media. */
final class PathRows {

    private static final String NOT_FOUND = "Not found.";

    private final World world;

    PathRows(World world) {
        this.world = world;
    }

    List<Row> rows() {
        return List.of(
                new Row(1, () -> world.deployment().get("transactions").says(404, NOT_FOUND)),
                new Row(2, this::order),
                new Row(3, this::head),
                new Row(4, this::largeBody),
                new Row(5, this::largeOthers),
                new Row(6, this::malformedUuid),
                new Row(7, this::notJson),
                new Row(8, this::contentType),
                new Row(9, this::method),
                new Row(10, this::accept),
                new Row(11, this::locked),
                new Row(12, this::unknownFields),
                new Row(13, this::code),
                new Row(14, this::paused));
    }

    /** Everything is wrong at first; then one thing after the other is mended. */
    private void order() {
        var user = world.newUser();
        var device = world.phone(user).device();
        var gone = UUID.randomUUID();
        var large = "\"" + "x".repeat(70_000) + "\"";
        var address = world.newAddress();
        var nobody = world.withTokenFrom(address, "nobody");
        var key = world.withTokenFrom(address, RunningGateway.API_KEY);
        var bad = new String[] {"Accept", "text/html", "Content-Type", "text/plain"};
        var plain = new String[] {"Content-Type", "text/plain"};

        nobody.call("POST", gone + "/x", large, bad).is(404);
        nobody.call("POST", gone + "/", large, bad).is(406);
        for (int time = 0; time < 60; time++) {
            nobody.call("POST", gone + "/", large, plain).is(403);
        }
        nobody.call("POST", gone + "/", large, plain).is(429);
        key.call("POST", gone + "/", large, plain).is(405);
        key.call("PUT", gone + "/", large, plain).is(404);
        key.call("PUT", device + "/", large, plain).is(415);
        key.put(device + "/", large).is(413);
        key.put(device + "/", "\"\"").is(400);
    }

    private void head() {
        var get = world.deployment().get("?user=nobody");
        var head = world.deployment().call("HEAD", "?user=nobody", null);

        assertThat(head.text()).isEmpty();
        assertThat(head.is(200).headers().getContentType())
                .isEqualTo(get.headers().getContentType());
        assertThat(head.headers().getContentLength()).isEqualTo(get.text().length());
    }

    private void largeBody() {
        var user = "{\"user\": \"%s\"}";
        int most = 64 * 1024 - user.formatted("").length();

        world.deployment().post("", user.formatted("x".repeat(most))).is(400);
        world.deployment().post("", user.formatted("x".repeat(most + 1))).is(413);
    }

    private void largeOthers() {
        var phone = world.phone(world.newUser());
        int most = 16 * 1024 - "{\"x\":\"\"}".length();

        for (var fits : List.of(true, false)) {
            var others = "{\"x\":\"%s\"}".formatted("é".repeat(most / 2) + (fits ? "" : "éé"));
            var answer =
                    phone.client().post(phone.device() + "/check_in/", World.info("h", others));
            if (fits) {
                answer.is(204);
            } else {
                answer.refuses("others", "Ensure this field has no more than 16384 bytes.");
            }
        }
    }

    private void malformedUuid() {
        world.deployment().get("not-a-uuid/").says(404, NOT_FOUND);
        world.deployment().get("transactions/1-1-1-1-1/").says(404, NOT_FOUND);
    }

    private void notJson() {
        var answer = world.deployment().post("", "{\"user\": ").is(400);

        assertThat(answer.at("/detail")).startsWith("JSON parse error - ");
    }

    private void contentType() {
        world.deployment()
                .call("POST", "", "{}", "Content-Type", "text/plain")
                .says(415, "Unsupported media type \"text/plain\" in request.");
    }

    private void method() {
        var answer = world.deployment().post(UUID.randomUUID() + "/", "{}");

        answer.says(405, "Method \"POST\" not allowed.");
        assertThat(answer.headers().getFirst("Allow")).isEqualTo("DELETE, GET, PATCH, PUT");
    }

    private void accept() {
        world.deployment()
                .call("GET", "", null, "Accept", "text/html")
                .says(406, "Could not satisfy the request Accept header.");
        world.deployment().call("GET", "", null, "Accept", "text/html, */*;q=0.1").is(200);
    }

    private void locked() {
        var user = world.newUser();
        var phone = world.phone(user);
        phone.answer(world.start(user), "report").is(204);

        var answer = world.deployment().post("transactions/", "{\"user\": \"%s\"}".formatted(user));

        answer.says(429, "Request was throttled.");
        assertThat(answer.headers().getFirst("Retry-After")).isNull();
    }

    private void paused() {
        var user = world.newUser();
        world.phone(user).answer(world.start(user), "deny").is(204);

        var answer = world.deployment().post("transactions/", "{\"user\": \"%s\"}".formatted(user));

        var seconds = answer.headers().getFirst("Retry-After");
        assertThat(Integer.parseInt(String.valueOf(seconds))).isBetween(2, 30);
        answer.says(429, "Request was throttled. Expected available in " + seconds + " seconds.");
    }

    private void unknownFields() {
        world.deployment().post("", "{\"user\": \"u\", \"colour\": {\"deep\": [1]}}").is(201);
    }

    private void code() {
        var key = world.deployment();
        for (var answer :
                List.of(
                        key.get("not-a-uuid/"),
                        key.post("", "{}"),
                        key.post("", "x"),
                        world.anonymous().get(""))) {
            assertThat(answer.json().has("code")).as(answer.text()).isFalse();
        }
    }
}
