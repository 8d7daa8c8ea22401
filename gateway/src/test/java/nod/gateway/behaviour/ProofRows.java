package nod.gateway.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.security.dpop.BoundPhone;
import nod.gateway.security.dpop.TestProof;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.UUID;

/** Phones that gave a key. */
final class ProofRows {

    private static final String INVALID = "Invalid DPoP proof.";
    private static final String CHECK_IN = "check_in/";
    private static final String CALLBACK = "enrollment_callback/";
    private static final String STATUS = "enrollment_status/";

    private final World world;

    ProofRows(World world) {
        this.world = world;
    }

    List<Row> rows() {
        return List.of(
                new Row(82, this::everyCall),
                new Row(83, this::callback),
                new Row(84, this::status),
                new Row(85, this::once),
                new Row(86, this::publicUrl),
                new Row(87, this::withoutAKey),
                new Row(88, this::changingKeys),
                new Row(89, this::malformed));
    }

    private Client.Answer call(BoundPhone phone, String operation, @Nullable String proof) {
        return call(phone, "POST", operation, proof);
    }

    private Client.Answer call(
            BoundPhone phone, String method, String operation, @Nullable String proof) {
        var json = operation.equals(CHECK_IN) ? World.info("h") : null;
        var client = world.withToken(phone.token());
        var path = phone.device() + "/" + operation;
        return proof == null
                ? client.call(method, path, json)
                : client.call(
                        method, path, json, "DPoP", proof, "Content-Type", "application/json");
    }

    private void everyCall() {
        var phone = world.boundPhone(world.newUser());

        call(phone, CHECK_IN, phone.proof("POST", CHECK_IN).sign()).is(204);
        for (var wrong :
                new String[] {
                    phone.proof("GET", CHECK_IN).sign(),
                    phone.proof("POST", STATUS).sign(),
                    phone.proof("POST", CHECK_IN).claim("iat", 1).sign(),
                    phone.proof("POST", CHECK_IN).claim("ath", "").sign(),
                    "x"
                }) {
            call(phone, CHECK_IN, wrong).says(403, INVALID);
        }
        var missing = call(phone, CHECK_IN, null).says(403, INVALID);
        assertThat(missing.headers().getFirst("Date")).isNotNull();
        call(phone, "PUT", CHECK_IN, null).says(403, INVALID);
    }

    private void callback() {
        var user = world.newUser();
        var phone = world.scanned(user);
        var body = JsonMapper.shared().writeValueAsString(phone.callback("uid-" + user));
        var path = phone.device() + "/" + CALLBACK;

        world.withToken(phone.token()).post(path, body).says(403, INVALID);
        world.withToken(phone.token())
                .post(path, body.replace("\"device_uid\"", "\"uid\""))
                .refuses("device_uid", "This field is required.");
        call(world.enrolled(phone, "uid-" + user), STATUS, null).says(403, INVALID);
    }

    private void status() {
        var user = world.newUser();
        var scanned = world.scanned(user);
        var phone = world.enrolled(scanned, "uid-" + user);

        call(scanned, STATUS, null).is(200);
        call(phone, STATUS, null).says(403, INVALID);
        call(phone, STATUS, phone.proof("POST", STATUS).sign()).is(200);
    }

    private void once() {
        var phone = world.boundPhone(world.newUser());
        var proof = phone.proof("POST", STATUS).sign();

        call(phone, STATUS, proof).is(200);
        call(phone, STATUS, proof).says(403, INVALID);
    }

    private void publicUrl() {
        var phone = world.boundPhone(world.newUser());
        var elsewhere = "https://evil.example.org/" + STATUS;

        world.withToken(phone.token())
                .call(
                        "POST",
                        phone.device() + "/" + STATUS,
                        null,
                        "DPoP",
                        phone.proof("POST", STATUS).claim("htu", elsewhere).sign(),
                        "X-Forwarded-Host",
                        "evil.example.org",
                        "Forwarded",
                        "host=evil.example.org")
                .says(403, INVALID);
    }

    private void withoutAKey() {
        var phone = world.phone(world.newUser());
        var path = phone.device() + "/" + STATUS;

        phone.client().call("POST", path, null).is(200);
        phone.client().call("POST", path, null, "DPoP", "x").is(200);
    }

    private void changingKeys() {
        var user = world.newUser();
        var phone = world.enrolled(world.scanned(user), "uid-" + user);
        var other = TestProof.p256();
        var others = "{\"public_key\": " + other.toPublicJWK().toJSONString() + "}";

        world.withToken(phone.token())
                .call(
                        "POST",
                        phone.device() + "/" + CHECK_IN,
                        World.info("h", others),
                        "DPoP",
                        phone.proof("POST", CHECK_IN).sign(),
                        "Content-Type",
                        "application/json")
                .is(204);
        call(phone, STATUS, phone.proof("POST", STATUS).sign()).is(200);
        var again = world.phone(user, "uid-" + user);
        again.client().post(again.device() + "/" + STATUS, null).is(200);
    }

    private void malformed() {
        var begun = world.begin(world.newUser());
        var phone = world.phone(world.newUser());
        for (var name : List.of("public_key", "encryption_key")) {
            var info = World.info("h", "{\"%s\": {\"kty\": \"oct\"}}".formatted(name));

            var atEnrolment =
                    world.withToken(begun.token())
                            .post(
                                    begun.device() + "/" + CALLBACK,
                                    "{\"device_uid\": \"%s\", \"info\": %s}"
                                            .formatted(UUID.randomUUID(), info))
                            .is(400);
            assertThat(atEnrolment.json().at("/info/others/" + name).size()).isEqualTo(1);
            var atCheckIn = phone.client().post(phone.device() + "/" + CHECK_IN, info).is(400);
            assertThat(atCheckIn.json().at("/others/" + name).size()).isEqualTo(1);
        }
    }
}
