package nod.gateway.security.dpop;

import com.nimbusds.jose.jwk.JWK;

import nod.gateway.RunningGateway;
import nod.gateway.RunningGateway.Begun;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * A phone that gave a key, for tests that sign what a phone would not. It may call any gateway.
 *
 * @param url the public URL of its gateways
 * @param token what it calls with: the enrollment token, then the device token
 */
public record BoundPhone(JWK key, String url, String device, String token) {

    private static final String CALLBACK = "enrollment_callback/";

    /** One that has scanned its QR code and not called back yet. */
    public static BoundPhone scanned(JWK key, Begun begun) {
        var url = begun.body().path("payload").path("u").asString();
        return new BoundPhone(key, url, begun.device(), begun.token());
    }

    /** One that is enrolled. */
    public static BoundPhone enrol(RunningGateway gateway, JWK key, String user) {
        return scanned(key, gateway.begin(user)).enrolled(gateway, user + "'s phone");
    }

    /** The same, after its callback. */
    public BoundPhone enrolled(RunningGateway gateway, String deviceUid) {
        var answer =
                call(gateway, "POST", CALLBACK, callback(deviceUid), proof("POST", CALLBACK).sign())
                        .expectStatus()
                        .isOk();
        return new BoundPhone(
                key, url, device, RunningGateway.body(answer).path("token").asString());
    }

    /** What its callback says. */
    public Map<String, Object> callback(String deviceUid) {
        return callback(deviceUid, Map.of("public_key", key.toPublicJWK().toJSONObject()));
    }

    static Map<String, Object> callback(String deviceUid, Map<String, Object> others) {
        return Map.of("device_uid", deviceUid, "info", info(others));
    }

    static Map<String, Object> info(Map<String, Object> others) {
        var info = new HashMap<>(RunningGateway.info("my phone"));
        info.put("others", others);
        return info;
    }

    /** A good proof of a request, to be spoilt or signed. */
    public TestProof proof(String method, String operation) {
        return TestProof.by(key, method, url(operation), token, Instant.now());
    }

    /** The public URL of an operation. */
    String url(String operation) {
        return url + "api/v3/authenticators/mobile/" + device + "/" + operation;
    }

    /** Checks in with these proofs. */
    WebTestClient.ResponseSpec checkIn(RunningGateway gateway, String... proofs) {
        return call(gateway, "POST", "check_in/", info(Map.of()), proofs);
    }

    /** Calls an operation with these proofs, whatever they are. */
    public WebTestClient.ResponseSpec call(
            RunningGateway gateway,
            String method,
            String operation,
            @Nullable Object body,
            String... proofs) {
        var request =
                gateway.client(token)
                        .method(HttpMethod.valueOf(method))
                        .uri("/authenticators/mobile/{device}/" + operation, device);
        if (proofs.length > 0) {
            request.header("DPoP", proofs);
        }
        if (body != null) {
            request.contentType(MediaType.APPLICATION_JSON).bodyValue(body);
        }
        return request.exchange();
    }
}
