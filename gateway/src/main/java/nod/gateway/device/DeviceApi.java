package nod.gateway.device;

import nod.gateway.security.Access;
import nod.gateway.security.CredentialFailure;
import nod.gateway.security.Reach;
import nod.gateway.web.Api;
import nod.gateway.web.Call;
import nod.gateway.web.Fields;
import nod.gateway.web.Refusal;
import nod.gateway.web.Resource;
import nod.gateway.web.Responses;
import nod.messaging.outbox.Outbox;
import nod.schemas.event.DeviceChange;

import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.reactive.function.server.ServerResponse;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Shows, renames and removes devices. */
@Component
class DeviceApi implements Api {

    private final Devices devices;
    private final DeviceList list;
    private final DeviceRemoval removal;
    private final DeviceUses uses;
    private final Outbox outbox;
    private final TransactionalOperator transaction;

    DeviceApi(
            Devices devices,
            DeviceList list,
            DeviceRemoval removal,
            DeviceUses uses,
            Outbox outbox,
            TransactionalOperator transaction) {
        this.devices = devices;
        this.list = list;
        this.removal = removal;
        this.uses = uses;
        this.outbox = outbox;
        this.transaction = transaction;
    }

    @Override
    public List<Resource> resources() {
        return List.of(
                new Resource(
                        "/authenticators/mobile/",
                        Access.DEPLOYMENT_OR_OWNER,
                        Map.of(HttpMethod.GET, this::list)),
                new Resource(
                        "/authenticators/mobile/{uuid}/",
                        Access.DEPLOYMENT_OR_OWNER,
                        Map.of(
                                HttpMethod.GET, this::retrieve,
                                HttpMethod.PUT, this::update,
                                HttpMethod.PATCH, this::partialUpdate,
                                HttpMethod.DELETE, this::destroy)),
                new Resource(
                        "/authenticators/mobile/{uuid}/used_by/",
                        Access.DEPLOYMENT_OR_OWNER,
                        Map.of(HttpMethod.GET, this::usedBy)),
                new Resource(
                        "/authenticators/mobile/users/removed/",
                        Access.DEPLOYMENT,
                        Map.of(HttpMethod.POST, this::userRemoved)));
    }

    private Mono<ServerResponse> list(Call call) {
        return list.list(call).flatMap(Responses::ok);
    }

    private Mono<ServerResponse> retrieve(Call call) {
        return found(call).flatMap(device -> Responses.ok(MobileDevice.of(device)));
    }

    /** The device in the path; one that the caller may not see does not exist for it. */
    private Mono<Device> found(Call call) {
        return devices.find(call.id("uuid"), call.reach())
                .switchIfEmpty(Mono.error(Refusal::notFound));
    }

    private Mono<ServerResponse> update(Call call) {
        return found(call)
                .flatMap(
                        device ->
                                call.body()
                                        .flatMap(
                                                body -> {
                                                    checkPk(body, body.text("pk", 64), device.pk());
                                                    var name = body.text("name", Device.MAX_NAME);
                                                    body.check();
                                                    return rename(call, device, name);
                                                }));
    }

    private Mono<ServerResponse> partialUpdate(Call call) {
        return found(call)
                .flatMap(
                        device ->
                                call.body()
                                        .flatMap(
                                                body -> {
                                                    var pk = body.optionalText("pk", 64);
                                                    if (pk != null) {
                                                        checkPk(body, pk, device.pk());
                                                    }
                                                    var name =
                                                            body.optionalText(
                                                                    "name", Device.MAX_NAME);
                                                    body.check();
                                                    return name == null
                                                            ? Responses.ok(MobileDevice.of(device))
                                                            : rename(call, device, name);
                                                }));
    }

    private static void checkPk(Fields body, String pk, UUID own) {
        if (!pk.isEmpty() && !pk.equalsIgnoreCase(own.toString())) {
            body.error("pk", "Must be the device's own: " + own + ".");
        }
    }

    private Mono<ServerResponse> rename(Call call, Device device, String name) {
        if (device.name().equals(name)) {
            return Responses.ok(MobileDevice.of(device));
        }
        return devices.rename(device.pk(), name)
                .flatMap(
                        renamed ->
                                outbox.append(
                                                renamed.changed(
                                                        DeviceChange.RENAMED,
                                                        call.caller().actor()))
                                        .thenReturn(renamed))
                .as(transaction::transactional)
                .switchIfEmpty(Mono.error(Refusal::notFound))
                .flatMap(renamed -> Responses.ok(MobileDevice.of(renamed)));
    }

    private Mono<ServerResponse> destroy(Call call) {
        return removal.remove(call.id("uuid"), call.reach(), call.caller().actor())
                .as(transaction::transactional)
                .flatMap(
                        removed ->
                                removed ? Responses.noContent() : Mono.error(Refusal.notFound()));
    }

    /** Here, unlike elsewhere, authentik lets an owner know that the device exists. */
    private Mono<ServerResponse> usedBy(Call call) {
        return devices.find(call.id("uuid"), Reach.EVERYBODY)
                .switchIfEmpty(Mono.error(Refusal::notFound))
                .flatMapMany(device -> usesOf(device, call.reach()))
                .collectList()
                .flatMap(Responses::ok);
    }

    private Flux<DeviceUses.UsedBy> usesOf(Device device, Reach reach) {
        if (!reach.covers(device.user())) {
            throw CredentialFailure.noPermission();
        }
        return switch (reach) {
            case Reach.Everybody _ -> uses.of(device.pk());
            // What authentik answers: it shows an owner no transactions and no tokens.
            case Reach.OneUser _ -> Flux.empty();
        };
    }

    private Mono<ServerResponse> userRemoved(Call call) {
        return call.body()
                .flatMap(
                        body -> {
                            var user = body.text("user", 255);
                            body.check();
                            return removal.removeAllOf(user, call.caller().actor())
                                    .as(transaction::transactional);
                        })
                .then(Responses.noContent());
    }
}
