package nod.gateway.enrollment;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;

import nod.gateway.RunningGateway;
import nod.gateway.RunningGateway.Begun;
import nod.gateway.security.dpop.BoundPhone;
import nod.gateway.security.dpop.TestProof;
import nod.messaging.testing.Apart;
import nod.messaging.testing.EventLogReader;
import nod.messaging.testing.TestServers;
import nod.schemas.event.DeviceChanged;
import nod.schemas.event.Topic;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.web.reactive.server.WebTestClient;

import tools.jackson.databind.json.JsonMapper;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The keys that a phone gives at its enrolment: kept, shown as they were given, and refused. */
@Apart
class PhoneKeysIT {

    private static final String PRIVATE = "Expected a public key: this one has private members.";

    private static TestServers servers;
    private static RunningGateway gateway;

    private final String user = "user-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        servers = TestServers.apart();
        gateway = RunningGateway.start(servers);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static OctetKeyPair x25519() {
        try {
            return new OctetKeyPairGenerator(Curve.X25519).generate();
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Map<String, Object> info(Object others) {
        var info = new HashMap<>(RunningGateway.info("my phone"));
        info.put("others", others);
        return info;
    }

    private static WebTestClient.ResponseSpec callback(Begun begun, Object others) {
        return gateway.client(begun.token())
                .post()
                .uri("/authenticators/mobile/{uuid}/enrollment_callback/", begun.device())
                .bodyValue(Map.of("device_uid", begun.device(), "info", info(others)))
                .exchange();
    }

    private static void refuses(Object others, String errors) {
        var begun = gateway.begin("user-" + UUID.randomUUID());
        callback(begun, others)
                .expectStatus()
                .isBadRequest()
                .expectBody(String.class)
                .value(body -> assertThat(tree(body)).isEqualTo(tree(errors)));
        // The token is as good as before.
        callback(begun, Map.of()).expectStatus().isOk();
    }

    private static Object tree(String json) {
        return JsonMapper.shared().readTree(json);
    }

    private static void refuses(String name, Object key, String sentence) {
        refuses(
                Map.of(name, key),
                "{\"info\":{\"others\":{\"%s\":[\"%s\"]}}}".formatted(name, sentence));
    }

    @Test
    void keepsTheKeyThatAPhonesPushesAreSealedFor() throws SQLException {
        var key = x25519();
        var begun = gateway.begin(user);

        callback(begun, Map.of("encryption_key", key.toPublicJWK().toJSONObject()))
                .expectStatus()
                .isOk();

        assertThat(stored(begun.device(), "encryption_key")).isEqualTo(key.getX().decode());
        assertThat(stored(begun.device(), "public_key")).isNull();
    }

    @Test
    void keepsThePublicKeyAndShowsWhatWasGiven() throws SQLException {
        var phone = BoundPhone.enrol(gateway, TestProof.p256(), user);

        assertThat(tree(stored(phone.device(), "public_key").toString()))
                .isEqualTo(tree(phone.key().toPublicJWK().toJSONString()));
        var shown =
                gateway.deployment()
                        .get()
                        .uri("/authenticators/mobile/{uuid}/", phone.device())
                        .exchange();
        assertThat(
                        RunningGateway.body(shown)
                                .path("last_checkin")
                                .path("others")
                                .path("public_key"))
                .isEqualTo(tree(phone.key().toPublicJWK().toJSONString()));
    }

    private static Object stored(String device, String column) throws SQLException {
        try (var connection = servers.connect();
                var select =
                        connection.prepareStatement(
                                "SELECT %s FROM device WHERE pk = ?".formatted(column))) {
            select.setObject(1, UUID.fromString(device));
            try (var row = select.executeQuery()) {
                row.next();
                return row.getObject(1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text | Expected a dictionary of items but got type \\\"str\\\".",
                "7    | Expected a dictionary of items but got type \\\"int\\\".",
                "[]   | Expected a dictionary of items but got type \\\"list\\\".",
                "null | This field may not be null."
            })
    void refusesWhatIsNoObject(String key, String sentence) {
        for (var name : new String[] {"public_key", "encryption_key"}) {
            var value = key.equals("text") ? key : JsonMapper.shared().readTree(key);
            var others = JsonMapper.shared().createObjectNode();
            others.set(name, JsonMapper.shared().valueToTree(value));
            refuses(others, "{\"info\":{\"others\":{\"%s\":[\"%s\"]}}}".formatted(name, sentence));
        }
    }

    @Test
    void refusesKeysOfOtherKindsEachWithItsSentence() {
        var proofs = "Expected a public JWK: EC on P-256 with x and y, or OKP on Ed25519 with x.";
        var sealing = "Expected a public JWK: OKP on X25519 with x.";

        refuses("public_key", Map.of(), proofs);
        refuses("public_key", x25519().toPublicJWK().toJSONObject(), proofs);
        refuses("encryption_key", TestProof.p256().toPublicJWK().toJSONObject(), sealing);
        refuses("encryption_key", TestProof.ed25519().toPublicJWK().toJSONObject(), sealing);
        refuses(
                "encryption_key",
                Map.of("kty", "OKP", "crv", "X25519", "x", "A".repeat(43)),
                "Expected a point that is not of small order.");
        refuses(
                "public_key",
                Map.of("kty", "EC", "more", "x".repeat(4096)),
                "Ensure this field has no more than 4096 bytes.");
        refuses(
                Map.of("public_key", Map.of(), "encryption_key", Map.of()),
                """
                {"info": {"others": {"public_key": ["%s"], "encryption_key": ["%s"]}}}
                """
                        .formatted(proofs, sealing));
    }

    @Test
    void refusesPrivateKeysAtEnrolmentAndAtCheckInAndDoesNotShowThem() {
        refuses("public_key", TestProof.p256().toJSONObject(), PRIVATE);
        refuses("public_key", TestProof.ed25519().toJSONObject(), PRIVATE);
        refuses("encryption_key", x25519().toJSONObject(), PRIVATE);

        var phone = gateway.enrol(user);
        phone.client()
                .post()
                .uri("/authenticators/mobile/{uuid}/check_in/", phone.device())
                .bodyValue(info(Map.of("encryption_key", x25519().toJSONObject())))
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .json("{\"others\":{\"encryption_key\":[\"" + PRIVATE + "\"]}}");
    }

    @Test
    void saysOnceWhatIsWrongWithOthersThemselves() {
        refuses(
                "text",
                """
                {"info": {"others": ["Expected a dictionary of items but got type \\"str\\"."]}}
                """);
    }

    @Test
    void tellsNoKeyToTheEventLog() {
        var phone = BoundPhone.enrol(gateway, TestProof.p256(), user);

        try (var auditor =
                new EventLogReader<>(
                        servers.bootstrapServers(), Topic.DEVICE_CHANGED, DeviceChanged.class)) {
            for (var told : auditor.await(phone.device(), 2)) {
                assertThat(JsonMapper.shared().writeValueAsString(told.event()))
                        .contains(phone.device())
                        .doesNotContain(
                                "others", "public_key", phone.key().toECKey().getX().toString());
            }
        }
    }
}
