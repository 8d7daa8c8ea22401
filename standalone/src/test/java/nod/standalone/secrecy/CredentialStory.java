package nod.standalone.secrecy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;

import nod.gateway.GatewayApplication;
import nod.gateway.security.jwt.Issuer;
import nod.simulators.fault.Provider;
import nod.standalone.host.ChildJvm;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** Every kind of credential, good, bad and in the wrong place. */
final class CredentialStory {

    private final Run run;
    private final Client client;
    private final Canaries canaries;
    private final RSAKey key;
    private final String user = Run.newUser();

    /**
     * @param key what the issuer publishes
     */
    CredentialStory(Run run, RSAKey key) {
        this.run = run;
        this.client = run.client;
        this.canaries = run.canaries;
        this.key = key;
    }

    /**
     * @param log where the command may log
     */
    void play(Path log) throws IOException, InterruptedException, SQLException {
        makesAKeyByCommand(log);
        callsWithJwts();
        usesEnrollmentTokens();
        usesDeviceTokens();
        callsWithWhatIsNoToken();
        putsTokensWhereTheyDoNotBelong();
        putsSecretsIntoBrokenBodies();
    }

    private void makesAKeyByCommand(Path log) throws IOException, InterruptedException {
        var arguments =
                new ArrayList<>(
                        List.of(
                                "api-key",
                                "create",
                                "canary",
                                "--logging.level.root=debug",
                                "--logging.file.name=" + log));
        run.cluster
                .databaseSettings()
                .forEach((name, value) -> arguments.add("--" + name + "=" + value));
        try (var command = ChildJvm.startDelivered(GatewayApplication.class, arguments.toArray())) {
            assertThat(command.awaitExit()).as("%s", command.lines()).isZero();
            var made =
                    command.lines().stream()
                            .filter(line -> line.matches("[A-Za-z0-9_-]{43}"))
                            .findFirst()
                            .orElseThrow();
            canaries.keep("API key of the command", made);
            run.produced.add(
                    Leftovers.LOG + "the command's screen",
                    String.join("\n", command.lines()).replaceFirst(made, ""));
            run.produced.add(Leftovers.LOG + "the command", Leftovers.text(log));
            await().until(() -> client.call("GET", "", made, null).status() == 200);
        }
    }

    private void callsWithJwts() {
        client.call("GET", "", jwt("a deployment's", Issuer.DEPLOYMENT, key, 300), null)
                .expect(200);
        client.call("GET", "", jwt("an owner's", Issuer.OWNER, key, 300), null).expect(200);
        client.call("GET", "", jwt("an expired one", Issuer.OWNER, key, -300), null).expect(403);
        client.call("GET", "", jwt("one for nothing", "openid", key, 300), null).expect(403);
        var another = Issuer.rsa(key.getKeyID());
        client.call("GET", "", jwt("a forged one", Issuer.DEPLOYMENT, another, 300), null)
                .expect(403);
    }

    private String jwt(String name, String scope, RSAKey signing, int secondsLeft) {
        var claims =
                Issuer.claims(user, scope)
                        .jwtID(canaries.token("id of the JWT, " + name))
                        .expirationTime(Date.from(Instant.now().plusSeconds(secondsLeft)))
                        .build();
        return canaries.keepJwt("JWT, " + name, Issuer.sign(signing, JWSAlgorithm.RS256, claims));
    }

    private void usesEnrollmentTokens() throws SQLException {
        var body = Phone.callback(Provider.FCM, Phone.newUid(), Map.of());
        var spent = run.begin("spent", user);
        canaries.keep(
                "device token, of the spent",
                run.callback(spent, body).expect(200).path("token").asString());
        run.callback(spent, body).expect(403);
        client.call("POST", spent.device() + "/enrollment_status/", spent.token(), null)
                .expect(200);

        var expired = run.begin("expired", user);
        run.execute(
                "UPDATE device_token SET expires = now() - interval '1 s' WHERE device = '%s'"
                        .formatted(expired.device()));
        run.callback(expired, body).expect(403);

        var unused = run.begin("of another device", user);
        run.callback(new Run.Begun(spent.device(), unused.token()), body).expect(403);
        var wrong = canaries.token("enrollment token, wrong");
        run.callback(new Run.Begun(unused.device(), wrong), body).expect(403);
        var stranger = run.begin("of another user", Run.newUser());
        run.callback(stranger, body).expect(400);
    }

    private void usesDeviceTokens() {
        var uid = Phone.newUid();
        var callback = Phone.callback(Provider.FCM, uid, Map.of());
        var before = run.enrol("rotated", user, Provider.FCM, callback);
        var after = run.enrol("after the rotation", user, Provider.FCM, callback);
        assertThat(before.pull().status()).isEqualTo(403);
        after.pull().expect(200);

        var removed = run.enrol("removed", user, Provider.FCM);
        client.call("DELETE", removed.device() + "/", run.apiKey, null).expect(204);
        assertThat(removed.pull().status()).isEqualTo(403);
        client.call("GET", "", canaries.token("API key, wrong"), null).expect(403);
    }

    private void callsWithWhatIsNoToken() {
        var token = canaries.token("token, with a word too many");
        client.callWith("GET", "", token + " more", null).expect(403);
        client.callWith("GET", "", canaries.token("token, too short").substring(20), null)
                .expect(403);
    }

    private void putsTokensWhereTheyDoNotBelong() {
        var inQuery = canaries.token("token in a query");
        client.callWith("GET", "?token=" + inQuery, null, null).expect(403);
        client.callWith("GET", "?search=" + inQuery, run.apiKey, null).expect(200);
        var inPath = canaries.token("token in a path");
        client.callWith("GET", inPath + "/transactions/", run.apiKey, null);
        client.callWith("GET", "transactions/" + inPath + "/", run.apiKey, null).expect(404);
        client.callWith("GET", "../../../" + inPath, run.apiKey, null).expect(404);
        client.callWith("GET", "nothing/" + inPath + "/", run.apiKey, null).expect(404);
        client.callWith("POST", inPath + "/enrollment_callback/", inPath, "{}").expect(403);
    }

    /** Of a phone that enrols, and of one that has. */
    private void putsSecretsIntoBrokenBodies() {
        var phone = run.enrol("with broken bodies", user, Provider.FCM);
        var begun = run.begin("in broken bodies", user);
        var secret = phone.token();
        for (var body :
                List.of(
                        "{\"firebase_key\": \"" + phone.pushKey() + "\", \"token\": " + secret,
                        "{\"firebase_key\": {\"key\": \"" + phone.pushKey() + "\"}}",
                        "{\"firebase_key\": [\"" + secret + "\"]}",
                        "{\"firebase_key\": \"" + phone.pushKey() + "\\u0000\"}",
                        "{\"firebase_key\": \"" + phone.pushKey() + "\\ud800\"}",
                        "{\"firebase_key\": \"" + phone.pushKey().repeat(40) + "\"}",
                        secret,
                        "\"" + secret + "\"")) {
            refuses(phone.device() + "/set_notification_key/", phone.token(), body);
            refuses(begun.device() + "/enrollment_callback/", begun.token(), body);
        }
        var typed = canaries.token("what was typed, in a broken body");
        for (var body :
                List.of(
                        "{\"tx_id\": \"" + typed + "\", \"selected_item\": \"" + typed + "\"}",
                        "{\"tx_id\": 7, \"selected_item\": {\"x\": \"" + typed + "\"}}",
                        "{\"selected_item\": \"" + typed + "\", " + typed + "}")) {
            refuses(phone.device() + "/receive_response/", phone.token(), body);
        }
    }

    private void refuses(String path, String token, String body) {
        var answer = client.callWith("POST", path, token, body);
        assertThat(answer.status()).as(body).isBetween(400, 499);
    }
}
