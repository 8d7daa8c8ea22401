package nod.gateway.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.behaviour.World.Phone;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/** Devices. */
final class DeviceRows {

    private static final String NOT_FOUND = "Not found.";
    private static final String INVALID_PAGE = "Invalid page.";

    private final World world;

    DeviceRows(World world) {
        this.world = world;
    }

    List<Row> rows() {
        return List.of(
                new Row(40, this::constants),
                new Row(41, this::lastCheckin),
                new Row(42, this::whoseDevices),
                new Row(43, this::pageSize),
                new Row(44, this::page),
                new Row(45, this::pageOneOfNothing),
                new Row(46, this::nextAndPrevious),
                new Row(47, this::ordering),
                new Row(48, this::equalNames),
                new Row(49, this::search),
                new Row(50, this::name),
                new Row(51, this::user),
                new Row(52, this::somebodyElses),
                new Row(53, this::putAndPatch),
                new Row(54, this::pk),
                new Row(55, this::longName),
                new Row(56, this::delete),
                new Row(57, this::takenOff),
                new Row(58, this::answeredBeforeRemoval),
                new Row(59, this::usedBy),
                new Row(60, this::usedByForAnOwner));
    }

    /** A user with phones of these names. */
    private String userWith(String... names) {
        var user = world.newUser();
        for (var name : names) {
            named(user, name);
        }
        return user;
    }

    private Phone named(String user, String name) {
        var phone = world.phone(user);
        world.deployment()
                .patch(phone.device() + "/", "{\"name\": \"%s\"}".formatted(name))
                .is(200);
        return phone;
    }

    private List<String> names(String query) {
        return results(world.deployment().get(query)).stream()
                .map(device -> device.path("name").asString())
                .toList();
    }

    private static List<JsonNode> results(Client.Answer answer) {
        return answer.is(200).json().path("results").valueStream().toList();
    }

    private void constants() {
        var phone = world.phone(world.newUser());
        var device = world.deployment().get(phone.device() + "/").is(200);

        assertThat(device.at("/pk")).isEqualTo(phone.device().toString());
        assertThat(device.at("/verbose_name")).isEqualTo("Mobile Device");
        assertThat(device.at("/verbose_name_plural")).isEqualTo("Mobile Devices");
        assertThat(device.at("/meta_model_name"))
                .isEqualTo("authentik_stages_authenticator_mobile.mobiledevice");
        assertThat(device.at("/type"))
                .isEqualTo("authentik_stages_authenticator_mobile.MobileDevice");
    }

    private void lastCheckin() {
        var begun = world.begin(world.newUser());
        var unconfirmed = world.deployment().get(begun.device() + "/").is(200).json();
        assertThat(unconfirmed.path("last_checkin").toString())
                .isEqualTo(
                        """
                        {"platform":"other","os_version":"","model":"","hostname":"",\
                        "app_version":"","others":{}}\
                        """);

        var phone = world.phone(world.newUser());
        var path = phone.device() + "/";
        assertThat(world.deployment().get(path).at("/last_checkin/hostname")).isEqualTo("my phone");
        phone.client().post(path + "check_in/", World.info("later", "{\"a\": [1]}")).is(204);
        var device = world.deployment().get(path);
        assertThat(device.at("/last_checkin/hostname")).isEqualTo("later");
        assertThat(device.json().at("/last_checkin/others").toString()).isEqualTo("{\"a\":[1]}");
    }

    private void whoseDevices() {
        var one = world.phone(world.newUser());
        var user = world.newUser();
        var own = world.phone(user);

        assertThat(pks(world.deployment().get("?page_size=1000&ordering=pk")))
                .contains(one.device().toString(), own.device().toString());
        assertThat(pks(world.owner(user).get(""))).containsExactly(own.device().toString());
    }

    private static List<String> pks(Client.Answer answer) {
        return results(answer).stream().map(device -> device.path("pk").asString()).toList();
    }

    private void pageSize() {
        var user = world.newUser();
        world.execute(
                """
                INSERT INTO device (pk, user_id, name)
                SELECT gen_random_uuid(), '%s', 'many' FROM generate_series(1, 1001)
                """
                        .formatted(user));
        var mine = "?user=" + user;

        assertThat(names(mine)).hasSize(100);
        assertThat(names(mine + "&page_size=2")).hasSize(2);
        assertThat(names(mine + "&page_size=1001")).hasSize(1000);
        for (var odd : List.of("0", "-1", "two", "1.5", "")) {
            assertThat(names(mine + "&page_size=" + odd)).as(odd).hasSize(100);
        }
        world.execute("DELETE FROM device WHERE user_id = '" + user + "'");
    }

    private void page() {
        var mine = "?page_size=2&user=" + userWith("a", "b", "c");

        assertThat(names(mine + "&page=2")).containsExactly("c");
        assertThat(names(mine + "&page=last")).containsExactly("c");
        for (var odd : List.of("0", "-1", "3", "two", "1.5")) {
            world.deployment().get(mine + "&page=" + odd).says(404, INVALID_PAGE);
        }
    }

    private void pageOneOfNothing() {
        world.deployment()
                .get("?page=1&user=" + world.newUser())
                .is(
                        200,
                        """
                        {"pagination": {"next": 0, "previous": 0, "count": 0, "current": 1,
                                        "total_pages": 1, "start_index": 0, "end_index": 0},
                         "results": []}
                        """);
    }

    private void nextAndPrevious() {
        var mine = "?page_size=2&user=" + userWith("a", "b", "c", "d", "e");
        int[][] expected = {{1, 2, 0, 1, 2}, {2, 3, 1, 3, 4}, {3, 0, 2, 5, 5}};

        for (var page : expected) {
            var pagination =
                    world.deployment().get(mine + "&page=" + page[0]).json().path("pagination");
            assertThat(pagination.toString())
                    .isEqualTo(
                            """
                            {"next":%d,"previous":%d,"count":5,"current":%d,"total_pages":3,\
                            "start_index":%d,"end_index":%d}\
                            """
                                    .formatted(page[1], page[2], page[0], page[3], page[4]));
        }
    }

    private void ordering() {
        var user = userWith("y", "x");
        world.begin(user);
        var mine = "?user=" + user + "&ordering=";

        assertThat(names(mine)).containsExactly("Mobile Device", "x", "y");
        assertThat(names(mine + "-name")).containsExactly("y", "x", "Mobile Device");
        assertThat(names(mine + "confirmed,-name")).containsExactly("Mobile Device", "y", "x");
        assertThat(names(mine + "colour,-name")).containsExactly("y", "x", "Mobile Device");
        assertThat(pks(world.deployment().get(mine + "-pk")))
                .isSortedAccordingTo((one, other) -> other.compareTo(one));
        world.execute(
                "UPDATE device SET checked_in = now() WHERE name = 'y' AND user_id = '%s'"
                        .formatted(user));
        assertThat(names(mine + "last_checkin").getFirst()).isEqualTo("y");
    }

    private void equalNames() {
        var user = userWith("same", "same", "same", "same", "same");
        var seen = new ArrayList<String>();
        for (int page = 1; page <= 5; page++) {
            var query = "?page_size=1&page=%d&user=%s".formatted(page, user);
            seen.addAll(pks(world.deployment().get(query)));
        }

        assertThat(seen).isSorted();
        assertThat(new HashSet<>(seen)).hasSize(5);
    }

    private void search() {
        var mine = "?user=" + userWith("Anna's Pixel", "Bert's Pixel 9", "Bert's iPhone");

        assertThat(names(mine + "&search=pixel")).hasSize(2);
        assertThat(names(mine + "&search=PIXEL,bert")).containsExactly("Bert's Pixel 9");
        assertThat(names(mine + "&search=bert 9")).containsExactly("Bert's Pixel 9");
        assertThat(names(mine + "&search= , ")).hasSize(3);
        assertThat(names(mine + "&search=carl")).isEmpty();
        assertThat(names(mine + "&search=_")).isEmpty();
    }

    private void name() {
        var mine = "?user=" + userWith("one", "one more");

        assertThat(names(mine + "&name=one")).containsExactly("one");
        assertThat(names(mine + "&name=One")).isEmpty();
        assertThat(names(mine + "&name=")).hasSize(2);
    }

    private void user() {
        var user = userWith("own");
        var other = userWith("other");

        assertThat(names("?user=" + user)).containsExactly("own");
        assertThat(names("?user=" + user + "x")).isEmpty();
        assertThat(results(world.owner(user).get("?user=" + other)))
                .extracting(device -> device.path("name").asString())
                .containsExactly("own");
    }

    private void somebodyElses() {
        var path = world.phone(world.newUser()).device() + "/";
        var owner = world.owner(world.newUser());

        owner.get(path).says(404, NOT_FOUND);
        owner.put(path, "{}").says(404, NOT_FOUND);
        owner.patch(path, "{}").says(404, NOT_FOUND);
        owner.delete(path).says(404, NOT_FOUND);
        owner.get(path + "used_by/").is(403);
        world.deployment().get(path).is(200);
    }

    private void putAndPatch() {
        var pk = world.phone(world.newUser()).device();
        var path = pk + "/";
        var key = world.deployment();

        key.put(path, "{}")
                .is(
                        400,
                        """
                        {"pk": ["This field is required."], "name": ["This field is required."]}
                        """);
        key.put(path, "{\"pk\": \"%s\", \"name\": \"put\"}".formatted(pk)).is(200);
        assertThat(key.patch(path, "{\"pk\": \"%s\"}".formatted(pk)).is(200).at("/name"))
                .isEqualTo("put");
        assertThat(key.patch(path, "{\"name\": \"patched\"}").is(200).at("/name"))
                .isEqualTo("patched");
        assertThat(key.patch(path, "{}").is(200).at("/name")).isEqualTo("patched");
    }

    private void pk() {
        var path = world.phone(world.newUser()).device() + "/";

        for (var body :
                List.of("{\"pk\": \"x\"}", "{\"pk\": \"%s\"}".formatted(UUID.randomUUID()))) {
            assertThat(world.deployment().patch(path, body).is(400).json().path("pk").size())
                    .isEqualTo(1);
        }
    }

    private void longName() {
        var path = world.phone(world.newUser()).device() + "/";

        world.deployment().patch(path, "{\"name\": \"%s\"}".formatted("😀".repeat(64))).is(200);
        world.deployment()
                .patch(path, "{\"name\": \"%s\"}".formatted("x".repeat(65)))
                .refuses("name", "Ensure this field has no more than 64 characters.");
    }

    private void delete() {
        var phone = world.phone(world.newUser());
        var path = phone.device() + "/";

        assertThat(world.deployment().delete(path).is(204).text()).isEmpty();
        world.deployment().get(path).says(404, NOT_FOUND);
        world.deployment().delete(path).says(404, NOT_FOUND);
        phone.client().post(path + "check_in/", World.info("h")).is(403);
    }

    private void takenOff() {
        var user = world.newUser();
        var one = world.phone(user);
        var two = world.phone(user);
        var transaction = "transactions/" + world.start(user) + "/";

        world.deployment().delete(one.device() + "/").is(204);
        var left = world.deployment().get(transaction);
        assertThat(left.at("/status")).isEqualTo("wait");
        assertThat(left.json().path("devices").toString())
                .isEqualTo("[\"%s\"]".formatted(two.device()));
        world.deployment().delete(two.device() + "/").is(204);
        assertThat(world.deployment().get(transaction).at("/status")).isEqualTo("cancelled");
    }

    /** Nothing decides here: what was answered waits for its decision, and is not cancelled. */
    private void answeredBeforeRemoval() {
        var user = world.newUser();
        var phone = world.phone(user);
        var txId = world.start(user);
        phone.answer(txId, "accept").is(204);

        world.deployment().delete(phone.device() + "/").is(204);

        assertThat(world.deployment().get("transactions/" + txId + "/").at("/status"))
                .isEqualTo("wait");
    }

    private void usedBy() {
        var user = world.newUser();
        var phone = world.phone(user);
        var txId = world.start(user);
        var answer = world.deployment().get(phone.device() + "/used_by/").is(200);
        var items = answer.json().valueStream().toList();

        assertThat(items).hasSize(3);
        assertThat(items)
                .allSatisfy(
                        item -> {
                            assertThat(item.path("app").asString())
                                    .isEqualTo("authentik_stages_authenticator_mobile");
                            assertThat(item.path("action").asString()).isEqualTo("CASCADE");
                        });
        assertThat(items.getFirst().path("model_name").asString()).isEqualTo("mobiletransaction");
        assertThat(items.getFirst().path("pk").asString()).isEqualTo(txId);
        assertThat(items.subList(1, 3))
                .extracting(item -> item.path("model_name").asString())
                .containsOnly("mobiledevicetoken");
        assertThat(answer.text()).doesNotContain(phone.token());
    }

    private void usedByForAnOwner() {
        var user = world.newUser();
        var phone = world.phone(user);
        world.start(user);

        world.owner(user).get(phone.device() + "/used_by/").is(200, "[]");
    }
}
