package nod.standalone.secrecy;

import com.nimbusds.jwt.SignedJWT;

import nod.simulators.fault.Provider;
import nod.simulators.phone.SigningKey;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.text.ParseException;
import java.util.Map;

/** A phone that proves its calls, and somebody who has copied its token or its proofs. */
final class ProofStory {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Run run;
    private final String user = Run.newUser();
    private final SigningKey key = SigningKey.p256();

    ProofStory(Run run) {
        this.run = run;
    }

    void play() {
        var begun = run.begin("of a phone with a key", user);
        var path = begun.device() + "/enrollment_callback/";
        var others = Map.<String, Object>of("public_key", publicKey());
        var body = Phone.callback(Provider.FCM, Phone.newUid(), others);

        post(path, begun.token(), null, body, 403);
        var another = proof("by another key", SigningKey.p256(), path, begun.token());
        post(path, begun.token(), another, body, 403);
        var good = proof("of the callback", key, path, begun.token());
        var token = post(path, begun.token(), good, body, 200).json().path("token").asString();

        proves(begun.device(), run.canaries.keep("device token, of a phone with a key", token));
    }

    private void proves(String device, String token) {
        var path = device + "/set_notification_key/";
        var body = Map.of("firebase_key", run.canaries.fcmKey("FCM push key, proven"));
        post(path, token, null, body, 403);
        var good = proof("that is good", key, path, token);
        post(path, token, good, body, 204);
        post(path, token, good, body, 403);
        post(path, token, proof("of another path", key, device + "/", token), body, 403);
        post(path, token, good.substring(0, good.length() - 8), body, 403);
        post(path, token, run.canaries.token("what is no proof"), body, 403);
    }

    private Client.Answer post(
            String path, String token, @Nullable String proof, Object body, int status) {
        var answer = run.client.callWith("POST", path, token, proof, JSON.writeValueAsString(body));
        answer.expect(status);
        return answer;
    }

    private String proof(String name, SigningKey signing, String path, String token) {
        var proof = signing.proof("POST", run.client.uri(path), token);
        return run.canaries.keepJwt("proof, " + name, proof);
    }

    /** As every proof tells it. */
    private Map<String, Object> publicKey() {
        try {
            var proof = key.proof("GET", run.client.uri(""), "none");
            return SignedJWT.parse(proof).getHeader().getJWK().toJSONObject();
        } catch (ParseException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
