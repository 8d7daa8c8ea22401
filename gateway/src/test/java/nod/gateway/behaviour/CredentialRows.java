package nod.gateway.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;

import nod.gateway.RunningGateway;
import nod.gateway.security.jwt.Issuer;

import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/** Credentials. */
final class CredentialRows {

    private static final String NOT_PROVIDED = "Authentication credentials were not provided.";
    private static final String UNSUPPORTED = "Unsupported authentication type";
    private static final String INVALID = "Token invalid/expired";
    private static final String NO_PERMISSION =
            "You do not have permission to perform this action.";

    private final World world;

    CredentialRows(World world) {
        this.world = world;
    }

    List<Row> rows() {
        return List.of(
                new Row(20, this::notProvided),
                new Row(21, this::scheme),
                new Row(22, this::invalid),
                new Row(23, this::noPermission),
                new Row(24, this::neverUnauthorized),
                new Row(25, () -> actsForTheDeployment(world.deployment())),
                new Row(26, () -> actsForTheDeployment(world.withJwt("1", Issuer.DEPLOYMENT))),
                new Row(27, this::owner),
                new Row(28, this::ownerDoesNotEnrol),
                new Row(29, this::noScope),
                new Row(30, this::badJwts),
                new Row(31, this::anotherDevice),
                new Row(32, this::enrollmentToken),
                new Row(33, this::enrollmentTokenExpires),
                new Row(34, this::deviceToken),
                new Row(35, this::reEnrolled),
                new Row(36, this::throttled),
                new Row(37, this::goodOfAThrottledAddress),
                new Row(38, this::goodForSomethingElse),
                new Row(39, this::networks));
    }

    private Client.Answer authorized(String header) {
        return world.anonymous().call("GET", "", null, "Authorization", header);
    }

    private void notProvided() {
        world.anonymous().get("").says(403, NOT_PROVIDED);
        authorized("Bearer").says(403, NOT_PROVIDED);
        authorized(RunningGateway.API_KEY).says(403, NOT_PROVIDED);
    }

    private void scheme() {
        authorized("Basic dXNlcjpwYXNz").says(403, UNSUPPORTED);
        authorized("Token " + RunningGateway.API_KEY).says(403, UNSUPPORTED);
        authorized("bEARER " + RunningGateway.API_KEY).is(200);
    }

    private void invalid() {
        authorized("Bearer nobody").says(403, INVALID);
        var phone = world.phone(world.newUser());
        world.deployment().delete(phone.device() + "/").is(204);
        phone.client().post(phone.device() + "/enrollment_status/", null).says(403, INVALID);
    }

    private void noPermission() {
        var phone = world.phone(world.newUser());

        phone.client().get("").says(403, NO_PERMISSION);
        world.deployment()
                .post(phone.device() + "/enrollment_status/", null)
                .says(403, NO_PERMISSION);
    }

    private void neverUnauthorized() {
        for (var answer :
                List.of(
                        world.anonymous().get(""),
                        authorized("Basic x"),
                        authorized("Bearer x"),
                        world.withJwt("1", "openid").get(""))) {
            answer.is(403);
            assertThat(answer.headers().getFirst("WWW-Authenticate")).isNull();
        }
    }

    private void actsForTheDeployment(Client client) {
        var user = world.newUser();
        var phone = world.phone(user);

        client.get(phone.device() + "/").is(200);
        client.post("transactions/", "{\"user\": \"%s\"}".formatted(user)).is(201);
        client.get("locks/").is(200);
    }

    private void owner() {
        var user = world.newUser();
        var phone = world.phone(user);
        var owner = world.owner(user);

        owner.get(phone.device() + "/").is(200);
        owner.post("transactions/", "{\"user\": \"%s\"}".formatted(user)).says(403, NO_PERMISSION);
        owner.get("transactions/" + world.start(user) + "/").says(403, NO_PERMISSION);
        owner.get("locks/").says(403, NO_PERMISSION);
        owner.post("users/removed/", "{\"user\": \"%s\"}".formatted(user)).says(403, NO_PERMISSION);
    }

    private void ownerDoesNotEnrol() {
        world.owner("7").post("", "{\"user\": \"7\"}").says(403, NO_PERMISSION);
    }

    private void noScope() {
        var client = world.withJwt("7", "openid profile");

        client.get("").says(403, NO_PERMISSION);
        client.post("", "{\"user\": \"7\"}").says(403, NO_PERMISSION);
    }

    private void badJwts() {
        var now = Instant.now();
        for (var claims :
                List.of(
                        claims().issuer("https://elsewhere.example.org/"),
                        claims().audience("somebody-else"),
                        claims().expirationTime(Date.from(now.minusSeconds(300))),
                        claims().notBeforeTime(Date.from(now.plusSeconds(300))))) {
            var jwt = Issuer.sign(world.key(), JWSAlgorithm.RS256, claims.build());
            world.withToken(jwt).get("").says(403, INVALID);
        }
        var forged = Issuer.sign(Issuer.rsa("behaviour"), JWSAlgorithm.RS256, claims().build());
        world.withToken(forged).get("").says(403, INVALID);
    }

    private static JWTClaimsSet.Builder claims() {
        return Issuer.claims("1", Issuer.DEPLOYMENT);
    }

    private void anotherDevice() {
        var user = world.newUser();
        var one = world.phone(user);
        var two = world.phone(user);

        one.client().post(two.device() + "/check_in/", World.info("h")).says(403, NO_PERMISSION);
    }

    private void enrollmentToken() {
        var begun = world.begin(world.newUser());
        var client = world.withToken(begun.token());
        var callback = begun.device() + "/enrollment_callback/";
        var body = World.enrolment(UUID.randomUUID().toString(), "h");

        client.post(begun.device() + "/check_in/", World.info("h")).says(403, NO_PERMISSION);
        client.post(callback, body).is(200);
        client.post(callback, body).says(403, INVALID);
        client.post(begun.device() + "/enrollment_status/", null)
                .is(200, "{\"status\": \"success\"}");
    }

    private void enrollmentTokenExpires() {
        var begun = world.begin(world.newUser());
        var client = world.withToken(begun.token());
        var ofTheDevice = " WHERE device = '" + begun.device() + "'";

        world.execute(
                "UPDATE device_token SET expires = expires - interval '29 min'" + ofTheDevice);
        client.post(begun.device() + "/enrollment_status/", null).is(200);
        world.execute("UPDATE device_token SET expires = expires - interval '1 min'" + ofTheDevice);
        client.post(begun.device() + "/enrollment_status/", null).says(403, INVALID);
    }

    private void deviceToken() {
        var phone = world.phone(world.newUser());
        var path = phone.device() + "/";

        phone.client().post(path + "enrollment_status/", null).is(200);
        phone.client().post(path + "check_in/", World.info("h")).is(204);
        phone.client().post(path + "set_notification_key/", "{\"firebase_key\": \"k\"}").is(204);
        phone.client().get(path + "transactions/").is(200);
        phone.answer(UUID.randomUUID().toString(), "deny").is(404);
        phone.client()
                .post(path + "enrollment_callback/", World.enrolment("x", "h"))
                .says(403, NO_PERMISSION);
    }

    private void reEnrolled() {
        var user = world.newUser();
        var earlier = world.phone(user, "uid-" + user);
        var later = world.phone(user, "uid-" + user);

        earlier.client().post(earlier.device() + "/enrollment_status/", null).says(403, INVALID);
        later.client().post(later.device() + "/enrollment_status/", null).is(200);
    }

    /** Fails from there as often as one may. */
    private Client failAsOftenAsOneMay(String address) {
        var client = world.anonymousFrom(address);
        for (int time = 0; time < 60; time++) {
            client.get("").says(403, NOT_PROVIDED);
        }
        return client;
    }

    private void throttled() {
        var address = world.newAddress();
        var answer = failAsOftenAsOneMay(address).get("");

        var seconds = answer.headers().getFirst("Retry-After");
        assertThat(seconds).matches("[1-9]|[1-5][0-9]|60");
        var unit = "1".equals(seconds) ? " second." : " seconds.";
        answer.says(429, "Request was throttled. Expected available in " + seconds + unit);
        world.withTokenFrom(address, "nobody").get("").is(429);
        world.anonymous().get("").is(403);
    }

    private void goodOfAThrottledAddress() {
        var address = world.newAddress();
        var phone = world.phone(world.newUser());
        failAsOftenAsOneMay(address);

        world.withTokenFrom(address, RunningGateway.API_KEY).get("").is(200);
        world.withTokenFrom(address, phone.token())
                .post(phone.device() + "/check_in/", World.info("h"))
                .is(204);
    }

    private void goodForSomethingElse() {
        var address = world.newAddress();
        var phone = world.withTokenFrom(address, world.phone(world.newUser()).token());

        for (int time = 0; time < 61; time++) {
            phone.get("").says(403, NO_PERMISSION);
        }
        failAsOftenAsOneMay(address).get("").is(429);
        phone.get("").says(403, NO_PERMISSION);
    }

    private void networks() {
        failAsOftenAsOneMay("2001:db8:1:1::1");

        world.anonymousFrom("2001:db8:1:1:ffff::2").get("").is(429);
        world.anonymousFrom("2001:db8:1:2::1").get("").is(403);
    }
}
