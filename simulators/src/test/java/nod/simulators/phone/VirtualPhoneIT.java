package nod.simulators.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.firebase.messaging.Message;
import com.google.firebase.messaging.Notification;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import nod.simulators.Simulators;
import nod.simulators.SimulatorsConfig;
import nod.simulators.fault.Fault;
import nod.simulators.fault.FcmErrorCode;
import nod.simulators.fault.Provider;
import nod.simulators.phone.VirtualPhone.EnrollmentStatus;
import nod.simulators.sdk.FirebaseClient;
import nod.simulators.sdk.PushyClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The virtual phone between a gateway that says what it is told and the real SDKs. */
class VirtualPhoneIT {

    private static final String DEVICE = "0190b2c4-0000-7000-8000-000000000001";
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Prompt PROMPT =
            new Prompt(
                    UUID.fromString("0190b2c4-0000-7000-8000-00000000000a"),
                    UUID.fromString(DEVICE),
                    "Sign-in request",
                    "Approve?",
                    "number_matching_2",
                    List.of("12", "34", "56"),
                    Map.of("application", "Wiki"),
                    Instant.parse("2026-01-31T12:00:00Z"));

    private Simulators simulators;
    private GatewayStub gateway;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        simulators = Simulators.start(SimulatorsConfig.in(folder));
        gateway = new GatewayStub();
        gateway.replies("enrollment_callback", 200, "{\"token\":\"device-token\"}");
    }

    @AfterEach
    void stop() {
        gateway.close();
        simulators.close();
    }

    @Test
    void enrolsAtTheAddressOfTheQrCodeWithItsToken() {
        VirtualPhone phone = enrol(PhoneModel.android("Ada's phone").withoutKeys());

        GatewayStub.Asked asked = gateway.lastAsked();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.path())
                .isEqualTo("/nod/api/v3/authenticators/mobile/" + DEVICE + "/enrollment_callback/");
        assertThat(asked.authorization()).isEqualTo("Bearer enrollment-token");
        assertThat(asked.body())
                .contains("\"device_uid\":\"" + phone.model().deviceUid() + "\"")
                .contains(
                        "\"platform\":\"android\"",
                        "\"hostname\":\"Ada's phone\"",
                        "\"others\":{}");
        assertThat(phone.device()).hasToString(DEVICE);
    }

    @Test
    void speaksWithTheDeviceTokenFromThenOn() {
        VirtualPhone phone = enrol(PhoneModel.iphone("phone"));

        phone.setNotificationKey();

        assertThat(gateway.lastAsked())
                .isEqualTo(
                        asked(
                                "set_notification_key/",
                                "{\"firebase_key\":\"" + phone.pushKey() + "\"}"));
        assertThat(phone.pushKey()).matches("[0-9a-f]{64}");
    }

    @Test
    void checksInWithWhatItSaysOfItself() {
        enrol(PhoneModel.iphone("phone")).checkIn();

        assertThat(gateway.lastAsked().path()).endsWith("/check_in/");
        assertThat(gateway.lastAsked().body()).contains("\"platform\":\"ios\"");
    }

    @Test
    void asksForItsEnrollmentStatus() {
        gateway.replies("enrollment_status", 200, "{\"status\":\"success\"}");

        assertThat(enrol(PhoneModel.android("phone")).enrollmentStatus())
                .isEqualTo(EnrollmentStatus.SUCCESS);
    }

    @Test
    void answersAPrompt() {
        VirtualPhone phone = enrol(PhoneModel.android("phone"));
        String answer = "{\"tx_id\":\"%s\",\"selected_item\":\"%s\"}";

        phone.answer(PROMPT, "34");
        assertThat(gateway.lastAsked())
                .isEqualTo(asked("receive_response/", answer.formatted(PROMPT.txId(), "34")));
        phone.accept(PROMPT);
        assertThat(gateway.lastAsked().body()).contains("\"selected_item\":\"accept\"");
        phone.deny(PROMPT);
        assertThat(gateway.lastAsked().body()).contains("\"selected_item\":\"deny\"");
        phone.report(PROMPT);
        assertThat(gateway.lastAsked().body()).contains("\"selected_item\":\"report\"");
    }

    @Test
    void letsATestSeeARefusal() {
        gateway.replies("receive_response", 404, "{\"detail\":\"Not found.\"}");

        assertThat(enrol(PhoneModel.android("phone")).answerRaw(PROMPT.txId(), "accept"))
                .isEqualTo(new Reply(404, "{\"detail\":\"Not found.\"}"));
    }

    @Test
    void failsOnAnAnswerThatIsNoSuccessAndNamesItButNoToken() {
        gateway.replies("receive_response", 404, "{\"detail\":\"Not found.\"}");
        VirtualPhone phone = enrol(PhoneModel.android("phone"));

        assertThatThrownBy(() -> phone.accept(PROMPT))
                .isInstanceOf(PhoneException.class)
                .hasMessageMatching(
                        "POST http://.*/receive_response/: 404, expected 204:"
                                + " \\{\"detail\":\"Not found.\"}")
                .hasMessageNotContaining("device-token");
    }

    @Test
    void failsOnAQrCodeThatIsNone() {
        assertThatThrownBy(
                        () ->
                                VirtualPhone.enrol(
                                        "{\"u\":\"http://127.0.0.1/\"}",
                                        PhoneModel.android("phone"),
                                        simulators.controlUri()))
                .isInstanceOf(PhoneException.class)
                .hasMessage("the QR code has no 's'");
    }

    @Test
    void pullsWhatItIsAsked() {
        gateway.replies(
                "transactions",
                200,
                """
                [{"tx_id":"0190b2c4-0000-7000-8000-00000000000a","device":"%s",
                  "title":"Sign-in request","body":"Approve?","mode":"number_matching_2",
                  "items":["12","34","56"],"context":{"application":"Wiki"},
                  "expires":"2026-01-31T13:00:00+01:00"}]
                """
                        .formatted(DEVICE));

        assertThat(enrol(PhoneModel.android("phone")).pull()).containsExactly(PROMPT);
    }

    @Test
    void getsAPromptThroughFcm() throws Exception {
        VirtualPhone phone = enrol(PhoneModel.android("phone"));
        try (FirebaseClient firebase = FirebaseClient.of(simulators)) {
            firebase.messaging().send(informing(phone));
            firebase.messaging().send(asking(phone));
        }

        assertThat(phone.awaitPush(SOON)).isEqualTo(PROMPT);
        assertThat(phone.pollPush(Duration.ZERO)).isEmpty();
    }

    @Test
    void getsAPromptThroughApns() throws Exception {
        VirtualPhone phone = enrol(PhoneModel.iphone("phone"));
        try (PushyClient pushy = PushyClient.of(simulators)) {
            pushy.send(
                    phone.pushKey(),
                    """
                    {"aps":{"alert":{"title":"Sign-in request","body":"Approve?"},"sound":"default"},
                     "tx_id":"0190b2c4-0000-7000-8000-00000000000a","device":"%s",
                     "mode":"number_matching_2","items":["12","34","56"],
                     "context":{"application":"Wiki"},"expires":"2026-01-31T12:00:00Z"}
                    """
                            .formatted(DEVICE));
        }

        assertThat(phone.awaitPush(SOON)).isEqualTo(PROMPT);
    }

    @Test
    void getsNothingThatItsProviderRefused() throws Exception {
        VirtualPhone phone = enrol(PhoneModel.android("phone"));
        simulators
                .faults()
                .set(
                        Provider.FCM,
                        phone.pushKey(),
                        new Fault.FcmError(FcmErrorCode.QUOTA_EXCEEDED));
        try (FirebaseClient firebase = FirebaseClient.of(simulators)) {
            assertThatThrownBy(() -> firebase.messaging().send(asking(phone)));
        }

        assertThatThrownBy(() -> phone.awaitPush(Duration.ofMillis(200)))
                .isInstanceOf(PhoneException.class)
                .hasMessage("no prompt came within PT0.2S");
    }

    @Test
    void seesAPushThatOnlyInforms() throws Exception {
        VirtualPhone phone = enrol(PhoneModel.android("phone"));
        try (FirebaseClient firebase = FirebaseClient.of(simulators)) {
            firebase.messaging().send(informing(phone));
        }

        assertThat(phone.nextPush(SOON)).contains(new Push("A phone was added", "", Map.of()));
    }

    @Test
    void givesTheKeyToSealItsPushesForWhenItEnrols() {
        VirtualPhone phone = enrol(PhoneModel.android("phone").withEncryptionKey());

        assertThat(gateway.lastAsked().body())
                .containsPattern(
                        "\"others\":\\{\"encryption_key\":\\{[^}]*\"x\":\"[A-Za-z0-9_-]{43}\"")
                .contains("\"kty\":\"OKP\"", "\"crv\":\"X25519\"")
                .doesNotContain("\"d\"");
        assertThat(phone.model().toString()).doesNotContain("PrivateKey");
    }

    @Test
    void opensWhatWasSealedForIt() throws Exception {
        PhoneModel model = PhoneModel.iphone("phone").withEncryptionKey();
        VirtualPhone phone = enrol(model);
        try (PushyClient pushy = PushyClient.of(simulators)) {
            pushy.send(
                    phone.pushKey(),
                    """
                    {"aps":{"alert":{"title":"Sign-in request"},"mutable-content":1},
                     "tx_id":"%s","device":"%s","expires":"2026-01-31T12:00:00Z","sealed":"%s"}
                    """
                            .formatted(PROMPT.txId(), DEVICE, Sealing.of(model, PROMPT)));
        }

        assertThat(phone.awaitPush(SOON)).isEqualTo(PROMPT);
    }

    @Test
    void takesNothingInTheOpenWhenItGaveAKey() throws Exception {
        VirtualPhone phone = enrol(PhoneModel.android("phone").withEncryptionKey());
        try (FirebaseClient firebase = FirebaseClient.of(simulators)) {
            firebase.messaging().send(informing(phone));
            firebase.messaging().send(asking(phone));
        }

        assertThatThrownBy(() -> phone.awaitPush(SOON))
                .isInstanceOf(PhoneException.class)
                .hasMessageContaining("a push that should be sealed came with")
                .hasMessageContaining("items");
    }

    @Test
    void givesItsKeyAtTheEnrolmentAndProvesEveryCallAnew() throws Exception {
        for (PhoneModel model :
                List.of(PhoneModel.android("android"), PhoneModel.iphone("iphone"))) {
            VirtualPhone phone = enrol(model);
            JWK key = givenKey(gateway.lastAsked());
            phone.setNotificationKey();
            phone.checkIn();
            phone.send("GET", "transactions/?a=b", null);

            List<SignedJWT> proofs = lastProofs(4);
            for (SignedJWT proof : proofs) {
                assertThat(proof.verify(verifier(key))).isTrue();
                assertThat(proof.getHeader().getType()).hasToString("dpop+jwt");
                assertThat(proof.getHeader().getJWK()).isEqualTo(key);
            }
            assertThat(proofs)
                    .extracting(proof -> proof.getJWTClaimsSet().getJWTID())
                    .doesNotHaveDuplicates();
            assertProves(proofs.get(0), "POST", "enrollment_callback/", "enrollment-token");
            assertProves(proofs.get(1), "POST", "set_notification_key/", "device-token");
            assertProves(proofs.get(3), "GET", "transactions/", "device-token");
        }
    }

    private static JWK givenKey(GatewayStub.Asked asked) throws Exception {
        String key =
                JsonMapper.shared()
                        .readTree(asked.body())
                        .path("info")
                        .path("others")
                        .path("public_key")
                        .toString();
        assertThat(JWK.parse(key).isPrivate()).isFalse();
        return JWK.parse(key);
    }

    private static JWSVerifier verifier(JWK key) throws JOSEException {
        return key instanceof ECKey ec
                ? new ECDSAVerifier(ec)
                : new Ed25519Verifier(key.toOctetKeyPair());
    }

    private List<SignedJWT> lastProofs(int count) throws Exception {
        List<SignedJWT> proofs = new ArrayList<>();
        List<List<String>> all = gateway.proofs();
        for (List<String> headers : all.subList(all.size() - count, all.size())) {
            proofs.add(SignedJWT.parse(headers.getFirst()));
            assertThat(headers).hasSize(1);
        }
        return proofs;
    }

    private void assertProves(SignedJWT proof, String method, String operation, String token)
            throws Exception {
        JWTClaimsSet claims = proof.getJWTClaimsSet();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes());
        assertThat(claims.getClaim("htm")).isEqualTo(method);
        assertThat(claims.getStringClaim("htu"))
                .startsWith("http://127.0.0.1:")
                .endsWith("/nod/api/v3/authenticators/mobile/" + DEVICE + "/" + operation);
        assertThat(claims.getClaim("ath")).isEqualTo(Base64URL.encode(hash).toString());
        assertThat(claims.getIssueTime().toInstant())
                .isBetween(Instant.now().minusSeconds(10), Instant.now());
    }

    @Test
    void sendsWhatAThiefWouldSendWhereATestAsksForIt() {
        VirtualPhone phone = enrol(PhoneModel.android("phone"));

        String proof = phone.newProof("POST", "check_in/");
        phone.sendWithProof("POST", "check_in/", "{}", proof);
        phone.sendWithProof("POST", "check_in/", "{}", proof);
        phone.sendWithProof("POST", "check_in/", "{}", null);

        assertThat(gateway.proofs())
                .endsWith(
                        List.of(String.valueOf(proof)), List.of(String.valueOf(proof)), List.of());
    }

    @Test
    void givesAClientOfTheCallersWhatItTakesToCall() throws Exception {
        VirtualPhone phone = enrol(PhoneModel.android("phone"));

        Map<String, String> headers = phone.credentials("POST", "check_in/");

        assertThat(headers).containsOnlyKeys("Authorization", "DPoP");
        assertThat(headers).containsEntry("Authorization", "Bearer device-token");
        SignedJWT proof = SignedJWT.parse(headers.get("DPoP"));
        assertProves(proof, "POST", "check_in/", "device-token");
        assertThat(enrol(PhoneModel.android("phone").withoutKeys()).credentials("GET", ""))
                .containsOnlyKeys("Authorization");
    }

    @Test
    void provesNothingWithoutAKey() {
        VirtualPhone phone = enrol(PhoneModel.android("phone").withoutKeys());
        phone.checkIn();

        assertThat(gateway.proofs()).containsOnly(List.of());
        assertThat(phone.newProof("POST", "check_in/")).isNull();
    }

    @Test
    void doesNotPrintItsKey() {
        assertThat(PhoneModel.android("phone")).asString().contains("SigningKey[ES256]");
        assertThat(PhoneModel.iphone("phone")).asString().contains("SigningKey[EdDSA]");
    }

    private VirtualPhone enrol(PhoneModel model) {
        return VirtualPhone.enrol(gateway.qrPayload(DEVICE), model, simulators.controlUri());
    }

    private static GatewayStub.Asked asked(String operation, String body) {
        return new GatewayStub.Asked(
                "POST",
                "/nod/api/v3/authenticators/mobile/" + DEVICE + "/" + operation,
                "Bearer device-token",
                body);
    }

    private static Message informing(VirtualPhone phone) {
        return Message.builder()
                .setFid(phone.pushKey())
                .setNotification(Notification.builder().setTitle("A phone was added").build())
                .build();
    }

    private static Message asking(VirtualPhone phone) {
        return Message.builder()
                .setFid(phone.pushKey())
                .putData("tx_id", PROMPT.txId().toString())
                .putData("device", DEVICE)
                .putData("title", PROMPT.title())
                .putData("body", PROMPT.body())
                .putData("mode", PROMPT.mode())
                .putData("items", "[\"12\",\"34\",\"56\"]")
                .putData("context", "{\"application\":\"Wiki\"}")
                .putData("expires", PROMPT.expires().toString())
                .build();
    }
}
