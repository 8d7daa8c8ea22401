package nod.gateway.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import nod.messaging.testing.EventLogReader;
import nod.schemas.event.DeviceChange;
import nod.schemas.event.DeviceChanged;
import nod.schemas.event.Topic;

import java.util.List;
import java.util.UUID;

/** What phones do. */
final class PhoneRows {

    private static final String NOT_FOUND = "Not found.";

    private final World world;

    PhoneRows(World world) {
        this.world = world;
    }

    List<Row> rows() {
        return List.of(
                new Row(70, this::callback),
                new Row(71, this::samePhone),
                new Row(72, this::anothersPhone),
                new Row(73, this::status),
                new Row(74, this::noContent),
                new Row(75, this::nothingToAnswer),
                new Row(76, this::firstAnswer),
                new Row(77, this::report),
                new Row(78, this::tooManyDevices),
                new Row(79, this::confirmationIsTold),
                new Row(80, this::laterCheckIn),
                new Row(81, this::laterCallback));
    }

    private void callback() {
        var begun = world.begin(world.newUser());
        var answer =
                world.withToken(begun.token())
                        .post(
                                begun.device() + "/enrollment_callback/",
                                World.enrolment(UUID.randomUUID().toString(), "Ann's phone"))
                        .is(200);
        var device = world.deployment().get(begun.device() + "/");

        assertThat(device.json().path("confirmed").asBoolean()).isTrue();
        assertThat(device.at("/name")).isEqualTo("Ann's phone");
        world.withToken(answer.at("/token"))
                .post(begun.device() + "/check_in/", World.info("h"))
                .is(204);
    }

    private void samePhone() {
        var user = world.newUser();
        var earlier = world.phone(user, "uid-" + user);
        var later = world.phone(user, "uid-" + user);

        world.deployment().get(earlier.device() + "/").says(404, NOT_FOUND);
        world.deployment().get(later.device() + "/").is(200);
    }

    private void anothersPhone() {
        var user = world.newUser();
        world.phone(user, "uid-" + user);
        var begun = world.begin(world.newUser());
        var answer =
                world.withToken(begun.token())
                        .post(
                                begun.device() + "/enrollment_callback/",
                                World.enrolment("uid-" + user, "h"))
                        .is(400);

        assertThat(answer.json().path("device_uid").size()).isEqualTo(1);
    }

    private void status() {
        var begun = world.begin(world.newUser());
        var client = world.withToken(begun.token());
        var path = begun.device() + "/enrollment_status/";

        client.post(path, null).is(200, "{\"status\": \"waiting\"}");
        client.post(
                        begun.device() + "/enrollment_callback/",
                        World.enrolment(UUID.randomUUID().toString(), "h"))
                .is(200);
        client.post(path, null).is(200, "{\"status\": \"success\"}");
    }

    private void noContent() {
        var phone = world.phone(world.newUser());
        var path = phone.device() + "/";

        assertThat(phone.client().post(path + "check_in/", World.info("h")).is(204).text())
                .isEmpty();
        assertThat(
                        phone.client()
                                .post(path + "set_notification_key/", "{\"firebase_key\": \"k\"}")
                                .is(204)
                                .text())
                .isEmpty();
    }

    private void nothingToAnswer() {
        var user = world.newUser();
        var phone = world.phone(user);
        var other = world.newUser();
        world.phone(other);
        var expired = world.start(user);
        world.execute(
                "UPDATE transaction SET expires = now() WHERE tx_id = '%s'".formatted(expired));
        var decided = world.start(user);
        world.deployment().delete("transactions/" + decided + "/").is(204);

        for (var txId :
                List.of(UUID.randomUUID().toString(), world.start(other), expired, decided)) {
            phone.answer(txId, "accept").says(404, NOT_FOUND);
        }
    }

    private void firstAnswer() {
        var user = world.newUser();
        var one = world.phone(user);
        var two = world.phone(user);
        var txId = world.start(user);

        one.answer(txId, "accept").is(204);
        one.answer(txId, "accept").is(204);
        one.answer(txId, "deny").says(404, NOT_FOUND);
        two.answer(txId, "accept").says(404, NOT_FOUND);
    }

    private void report() {
        var user = world.newUser();
        var phone = world.phone(user);
        var stranger = world.phone(world.newUser());
        var txId = world.start(user);
        world.deployment().delete("transactions/" + txId + "/").is(204);

        stranger.answer(txId, "report").says(404, NOT_FOUND);
        phone.answer(txId, "report").is(204);
        assertThat(world.deployment().get("locks/?page_size=1000").text())
                .contains("\"" + user + "\"");
        var age = "UPDATE transaction SET created = created - interval '%s' WHERE tx_id = '%s'";
        world.execute(age.formatted("23 hours", txId));
        phone.answer(txId, "report").is(204);
        world.execute(age.formatted("1 hour", txId));
        phone.answer(txId, "report").says(404, NOT_FOUND);
    }

    private void tooManyDevices() {
        var user = world.newUser();
        for (int i = 0; i < 20; i++) {
            world.begin(user);
        }

        var answer = world.deployment().post("", "{\"user\": \"%s\"}".formatted(user)).is(400);

        assertThat(answer.at("/user/0")).contains("the most is 20");
    }

    private void confirmationIsTold() {
        var phone = world.phone(world.newUser());
        try (var log =
                new EventLogReader<>(
                        world.bootstrapServers(), Topic.DEVICE_CHANGED, DeviceChanged.class)) {
            assertThat(log.await(phone.device().toString(), 2))
                    .extracting(envelope -> envelope.event().change())
                    .contains(DeviceChange.CONFIRMED);
        }
    }

    private void laterCheckIn() {
        var phone = world.phone(world.newUser());
        var body = "{\"info\": %s, \"firebase_key\": \"key\"}".formatted(World.info("later"));

        phone.client().post(phone.device() + "/check_in/", body).is(204);

        assertThat(world.deployment().get(phone.device() + "/").at("/last_checkin/hostname"))
                .isEqualTo("later");
    }

    private void laterCallback() {
        var begun = world.begin(world.newUser());
        var body =
                "{\"device_uid\": \"%s\", \"info\": %s, \"firebase_key\": \"key\"}"
                        .formatted(UUID.randomUUID(), World.info("later"));

        world.withToken(begun.token()).post(begun.device() + "/enrollment_callback/", body).is(200);

        try (var log =
                new EventLogReader<>(
                        world.bootstrapServers(), Topic.DEVICE_CHANGED, DeviceChanged.class)) {
            assertThat(log.await(begun.device(), 3))
                    .extracting(envelope -> envelope.event().change())
                    .contains(DeviceChange.PUSH_KEY_SET);
        }
    }
}
