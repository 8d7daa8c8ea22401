package nod.gateway.contract;

import nod.gateway.RunningGateway;
import nod.gateway.RunningGateway.EnrolledPhone;
import nod.gateway.contract.RandomRequest.Good;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** For each operation, requests that are served, each of them different. For one thread. */
final class GoodRequests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PREFIX = "authenticators_mobile_";

    private final RunningGateway gateway;
    private final RandomValues values;
    private final String user;
    private final EnrolledPhone phone;
    private final Map<String, Supplier<Good>> byOperation;

    /**
     * @param user one whom nobody else uses
     */
    GoodRequests(RunningGateway gateway, RandomValues values, String user) {
        this.gateway = gateway;
        this.values = values;
        this.user = user;
        this.phone = gateway.enrol(user);
        this.byOperation =
                Map.ofEntries(
                        Map.entry("schema_retrieve", () -> good(null, Map.of(), null)),
                        entry("list", this::list),
                        entry("create", this::create),
                        entry("retrieve", () -> ofTheDeployment(device())),
                        entry("update", this::update),
                        entry("partial_update", this::partialUpdate),
                        entry("destroy", this::destroy),
                        entry("used_by_list", () -> ofTheDeployment(device())),
                        entry("check_in_create", () -> ofThePhone(info())),
                        entry("enrollment_callback_create", this::callback),
                        entry("enrollment_status_create", () -> ofThePhone(null)),
                        entry("set_notification_key_create", this::notificationKey),
                        entry("receive_response_create", this::response),
                        entry("transactions_pending_list", () -> ofThePhone(null)),
                        entry("transactions_create", this::start),
                        entry("transactions_retrieve", () -> ofTheDeployment(transaction())),
                        entry("transactions_destroy", () -> ofTheDeployment(transaction())),
                        entry("transactions_events", () -> ofTheDeployment(decided())),
                        entry("users_removed_create", this::userRemoved),
                        entry("locks_list", this::locks),
                        entry("locks_destroy", this::release));
    }

    private static Map.Entry<String, Supplier<Good>> entry(String name, Supplier<Good> good) {
        return Map.entry(PREFIX + name, good);
    }

    /** A good request to the operation. */
    Good next(String operationId) {
        var good = byOperation.get(operationId);
        if (good == null) {
            throw new AssertionError("no good request is known for " + operationId);
        }
        return good.get();
    }

    /** Tokens that are good for something. */
    List<String> tokens() {
        return List.of(RunningGateway.API_KEY, phone.token(), gateway.begin(user + "-t").token());
    }

    private static Good good(
            @Nullable String token, Map<String, String> variables, @Nullable ObjectNode body) {
        return new Good(token, variables, Map.of(), Map.of(), body);
    }

    private static Good ofTheDeployment(Map<String, String> variables) {
        return good(RunningGateway.API_KEY, variables, null);
    }

    private Good ofThePhone(@Nullable ObjectNode body) {
        return good(phone.token(), device(), body);
    }

    private Map<String, String> device() {
        return Map.of("uuid", phone.device().toString());
    }

    private static ObjectNode object(Object... fields) {
        var object = JSON.createObjectNode();
        for (int i = 0; i < fields.length; i += 2) {
            object.putPOJO((String) fields[i], fields[i + 1]);
        }
        return JSON.valueToTree(object);
    }

    private Good list() {
        var query =
                Map.of(
                        "page_size", "" + (1 + values.below(20)),
                        "ordering", values.oneOf(List.of("name", "-pk", "confirmed,-name", "x")),
                        "search", values.oneOf(List.of("phone", "a", "zzz")));
        return new Good(RunningGateway.API_KEY, Map.of(), query, Map.of(), null);
    }

    private Good create() {
        var body = object("user", values.text(1 + values.below(200)));
        if (values.chance(0.5)) {
            body.put("name", values.text(1 + values.below(60)));
        }
        return good(RunningGateway.API_KEY, Map.of(), body);
    }

    private Good update() {
        var body = object("pk", phone.device().toString(), "name", values.text(20));
        return good(RunningGateway.API_KEY, device(), body);
    }

    private Good partialUpdate() {
        var body = values.chance(0.2) ? object() : object("name", values.text(64));
        return good(RunningGateway.API_KEY, device(), body);
    }

    private Good destroy() {
        var begun = gateway.begin(user + "-d" + values.below(1_000_000));
        return ofTheDeployment(Map.of("uuid", begun.device()));
    }

    private ObjectNode info() {
        var info =
                object(
                        "platform", values.oneOf(List.of("ios", "android", "other")),
                        "os_version", values.text(5),
                        "model", values.text(8),
                        "hostname", values.text(1 + values.below(100)),
                        "app_version", "1." + values.below(100));
        info.set("others", object("a", 1, values.text(5), values.text(5)));
        return info;
    }

    private Good callback() {
        var begun = gateway.begin(user + "-c" + values.below(1_000_000));
        var body = object("device_uid", UUID.randomUUID().toString());
        body.set("info", info());
        return good(begun.token(), Map.of("uuid", begun.device()), body);
    }

    private Good notificationKey() {
        return ofThePhone(object("firebase_key", values.text(1 + values.below(300))));
    }

    private Map<String, String> transaction() {
        return Map.of("tx_id", started());
    }

    /** The tx_id of a new transaction, which supersedes the one before. */
    private String started() {
        // A request that was spoilt may have become a report, which locked the user.
        unlock();
        var answer =
                gateway.deployment()
                        .post()
                        .uri("/authenticators/mobile/transactions/")
                        .bodyValue(Map.of("user", user, "item_matching_mode", "accept_deny"))
                        .exchange()
                        .expectStatus()
                        .isCreated();
        return RunningGateway.body(answer).path("tx_id").asString();
    }

    private void unlock() {
        gateway.deployment().delete().uri("/authenticators/mobile/locks/{user}/", user).exchange();
    }

    /** Its stream ends at once. */
    private Map<String, String> decided() {
        var transaction = transaction();
        gateway.deployment()
                .delete()
                .uri("/authenticators/mobile/transactions/{tx_id}/", transaction.get("tx_id"))
                .exchange()
                .expectStatus()
                .isNoContent();
        return transaction;
    }

    private Good response() {
        var body = object("tx_id", started());
        body.put("selected_item", values.oneOf(List.of("accept", "deny", "123", "no")));
        return ofThePhone(body);
    }

    private Good start() {
        var body = object("user", user, "expires_in", 10 + values.below(591));
        if (values.chance(0.5)) {
            body.put(
                    "item_matching_mode",
                    values.oneOf(
                            List.of(
                                    "accept_deny",
                                    "number_matching_2",
                                    "number_matching_3",
                                    "number_entry_6")));
            body.put("title", values.text(1 + values.below(255)));
            body.put("body", values.text(1 + values.below(1024)));
            body.set("context", object("application", values.text(9), "client_ip", "192.0.2.1"));
        }
        var headers =
                values.chance(0.3)
                        ? Map.of("Idempotency-Key", "key-" + UUID.randomUUID())
                        : Map.<String, String>of();
        return new Good(RunningGateway.API_KEY, Map.of(), Map.of(), headers, body);
    }

    private Good userRemoved() {
        return good(RunningGateway.API_KEY, Map.of(), object("user", values.text(50)));
    }

    private Good locks() {
        var query = Map.of("page_size", "" + (1 + values.below(50)));
        return new Good(RunningGateway.API_KEY, Map.of(), query, Map.of(), null);
    }

    private Good release() {
        if (phone.answer(started(), "report") != 204) {
            throw new AssertionError("the report was not taken");
        }
        return ofTheDeployment(Map.of("user", user));
    }
}
