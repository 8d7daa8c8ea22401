package nod.simulators.phone;

import nod.simulators.phone.Http.Credential;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A phone with the app on it, for tests and demonstrations: it speaks the gateway's public HTTP API
 * and gets its pushes from the simulators' inbox, over HTTP as well. If its model has a key, it
 * gives it when it enrols and proves every call with it. Every call blocks. Unless said otherwise
 * an answer that isn't the documented success is a {@link PhoneException}, which names method, URL,
 * status and body. For one thread at a time.
 */
public final class VirtualPhone {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String POST = "POST";
    private static final String RECEIVE_RESPONSE = "receive_response/";

    private final Http http;
    private final URI devices;
    private final UUID device;
    private final String token;
    private final PhoneModel model;
    private final PushInbox inbox;

    private VirtualPhone(
            Http http, URI devices, UUID device, String token, PhoneModel model, URI simulators) {
        this.http = http;
        this.devices = devices;
        this.device = device;
        this.token = token;
        this.model = model;
        this.inbox = new PushInbox(http, simulators, model.provider(), model.newPushKey());
    }

    /** What the app may be told about its enrolment. */
    public enum EnrollmentStatus {
        SUCCESS,
        WAITING
    }

    /**
     * Scans the QR code and confirms the enrolment. The phone has no push key yet at the gateway:
     * see {@link #setNotificationKey()}.
     *
     * @param qrPayload the text of the QR code
     * @param simulators the control URI of the simulators
     */
    public static VirtualPhone enrol(String qrPayload, PhoneModel model, URI simulators) {
        return enrol(qrPayload, model, simulators, new Http());
    }

    /** The same through a client of the caller's, such as one that trusts the gateway's CA. */
    public static VirtualPhone enrol(
            String qrPayload, PhoneModel model, URI simulators, HttpClient client) {
        return enrol(qrPayload, model, simulators, new Http(client));
    }

    private static VirtualPhone enrol(
            String qrPayload, PhoneModel model, URI simulators, Http http) {
        JsonNode payload = json(qrPayload, "the QR code");
        URI devices =
                URI.create(text(payload, "u", "the QR code") + "api/v3/authenticators/mobile/");
        UUID device = UUID.fromString(text(payload, "s", "the QR code"));
        ObjectNode body = JSON.createObjectNode().put("device_uid", model.deviceUid());
        body.set("info", info(model));
        URI callback = devices.resolve(device + "/enrollment_callback/");
        Credential credential =
                credential(model, POST, callback, text(payload, "t", "the QR code"));
        String answer = http.expect(200, POST, callback, credential, body.toString());
        String token = text(json(answer, "the callback"), "token", "the callback's answer");
        return new VirtualPhone(http, devices, device, token, model, simulators);
    }

    /** The device's uuid at the gateway. */
    public UUID device() {
        return device;
    }

    /** What it says about itself. */
    public PhoneModel model() {
        return model;
    }

    /** The key that its provider gave it, registered at the gateway or not. */
    public String pushKey() {
        return inbox.pushKey();
    }

    /** Registers its push key. */
    public void setNotificationKey() {
        setNotificationKey(inbox.pushKey());
    }

    /** Registers another push key, and from now on receives on that one. */
    public void setNotificationKey(String key) {
        ObjectNode body = JSON.createObjectNode().put("firebase_key", key);
        call(204, POST, "set_notification_key/", body);
        inbox.receiveOn(key);
    }

    /** Tells how it is. */
    public void checkIn() {
        call(204, POST, "check_in/", info(model));
    }

    /** Asks how its enrolment stands. */
    public EnrollmentStatus enrollmentStatus() {
        String answer = call(200, POST, "enrollment_status/", null);
        String status = text(json(answer, "the status"), "status", "the status' answer");
        return switch (status) {
            case "success" -> EnrollmentStatus.SUCCESS;
            case "waiting" -> EnrollmentStatus.WAITING;
            default ->
                    throw new PhoneException(
                            "status: %s, expected success or waiting".formatted(status));
        };
    }

    /**
     * The next prompt that its provider accepted for it; pushes that only inform are passed over.
     *
     * @throws PhoneException when none comes in that time
     */
    public Prompt awaitPush(Duration atMost) {
        return pollPush(atMost)
                .orElseThrow(() -> new PhoneException("no prompt came within " + atMost));
    }

    /** The same, where nothing is an answer too. */
    public Optional<Prompt> pollPush(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            Optional<Push> push = nextPush(left);
            if (push.isEmpty()) {
                return Optional.empty();
            }
            Optional<Prompt> prompt = prompt(push.get());
            if (prompt.isPresent()) {
                return prompt;
            }
        }
    }

    private Optional<Prompt> prompt(Push push) {
        EncryptionKey key = model.encryptionKey();
        return key == null ? push.prompt() : new SealedPushes(key).prompt(push);
    }

    /** The next push of any kind that its provider accepted for it. */
    public Optional<Push> nextPush(Duration atMost) {
        return inbox.next(atMost);
    }

    /** What it is being asked right now, without any push. */
    public List<Prompt> pull() {
        return PromptJson.pulled(call(200, "GET", "transactions/", null));
    }

    /** Sends the item that the user chose or typed. */
    public void answer(Prompt prompt, String item) {
        call(204, POST, RECEIVE_RESPONSE, response(prompt.txId(), item));
    }

    /** The user says yes, in mode {@code accept_deny}. */
    public void accept(Prompt prompt) {
        answer(prompt, "accept");
    }

    /** The user says no, in any mode. */
    public void deny(Prompt prompt) {
        answer(prompt, "deny");
    }

    /** The user says "it wasn't me", in any mode. */
    public void report(Prompt prompt) {
        answer(prompt, "report");
    }

    /** Sends any item for any transaction; every status is an answer. */
    public Reply answerRaw(UUID txId, String item) {
        return send(POST, RECEIVE_RESPONSE, response(txId, item).toString());
    }

    /**
     * Calls any operation of its device with its device token, and a new proof where it has a key;
     * every status is an answer.
     *
     * @param operation such as {@code check_in/}
     * @param body sent as JSON, whatever it is; null sends none
     */
    public Reply send(String method, String operation, @Nullable String body) {
        return http.send(method, uri(operation), credential(method, operation), body);
    }

    /**
     * The same with a proof of the caller's choice, as somebody would send it who has stolen the
     * token; every status is an answer.
     *
     * @param proof sent as it is; null sends none
     */
    public Reply sendWithProof(
            String method, String operation, @Nullable String body, @Nullable String proof) {
        return http.send(method, uri(operation), new Credential(token, proof), body);
    }

    /** A new proof of a request, which it then has not sent; null where it has no key. */
    public @Nullable String newProof(String method, String operation) {
        return credential(method, operation).proof();
    }

    /**
     * The headers that show whose request it is, with a new proof where the phone has a key; for a
     * client of the caller's that sends the request itself.
     */
    public Map<String, String> credentials(String method, String operation) {
        Credential credential = credential(method, operation);
        String bearer = "Bearer " + credential.bearer();
        return credential.proof() == null
                ? Map.of("Authorization", bearer)
                : Map.of("Authorization", bearer, "DPoP", credential.proof());
    }

    private Credential credential(String method, String operation) {
        return credential(model, method, uri(operation), token);
    }

    private static Credential credential(PhoneModel model, String method, URI uri, String token) {
        SigningKey key = model.signingKey();
        return new Credential(token, key == null ? null : key.proof(method, uri, token));
    }

    private static ObjectNode response(UUID txId, String item) {
        return JSON.createObjectNode().put("tx_id", txId.toString()).put("selected_item", item);
    }

    private static ObjectNode info(PhoneModel model) {
        ObjectNode info = JSON.createObjectNode();
        info.put("platform", model.platform());
        info.put("os_version", model.osVersion());
        info.put("model", model.model());
        info.put("hostname", model.hostname());
        info.put("app_version", model.appVersion());
        info.set("others", others(model));
        return info;
    }

    private static ObjectNode others(PhoneModel model) {
        ObjectNode others = JSON.valueToTree(model.others());
        SigningKey key = model.signingKey();
        if (key != null) {
            others.set("public_key", JSON.valueToTree(key.publicJwk()));
        }
        return others;
    }

    private String call(int status, String method, String operation, @Nullable ObjectNode body) {
        String json = body == null ? null : body.toString();
        return http.expect(status, method, uri(operation), credential(method, operation), json);
    }

    private URI uri(String operation) {
        return devices.resolve(device + "/" + operation);
    }

    static JsonNode json(String text, String source) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw new PhoneException(source + " is not JSON");
        }
    }

    private static String text(JsonNode json, String field, String source) {
        String value = json.path(field).asString("");
        if (value.isEmpty()) {
            throw new PhoneException("%s has no '%s'".formatted(source, field));
        }
        return value;
    }
}
