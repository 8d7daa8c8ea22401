package nod.gateway.device;

import nod.gateway.security.Access;
import nod.gateway.web.Api;
import nod.gateway.web.Call;
import nod.gateway.web.Refusal;
import nod.gateway.web.Resource;
import nod.gateway.web.Responses;
import nod.messaging.outbox.Outbox;
import nod.schemas.event.DeviceChange;
import nod.schemas.event.DeviceChanged;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.reactive.function.server.ServerResponse;

import reactor.core.publisher.Mono;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What an enrolled phone tells of itself: check-in and push key. */
@Component
class PhoneApi implements Api {

    private final Devices devices;
    private final Outbox outbox;
    private final TransactionalOperator transaction;

    PhoneApi(Devices devices, Outbox outbox, TransactionalOperator transaction) {
        this.devices = devices;
        this.outbox = outbox;
        this.transaction = transaction;
    }

    @Override
    public List<Resource> resources() {
        return List.of(
                new Resource(
                        "/authenticators/mobile/{uuid}/check_in/",
                        Access.DEVICE,
                        Map.of(HttpMethod.POST, this::checkIn)),
                new Resource(
                        "/authenticators/mobile/{uuid}/set_notification_key/",
                        Access.DEVICE,
                        Map.of(HttpMethod.POST, this::setNotificationKey)));
    }

    /** Takes the later dialect of the app as well: info nested, with a push key beside it. */
    private Mono<ServerResponse> checkIn(Call call) {
        return call.body()
                .flatMap(
                        body -> {
                            var nested = body.has("info");
                            var fields = nested ? body.object("info") : body;
                            var info = DeviceInfo.of(fields);
                            // What is no public key is not kept; a good one changes nothing.
                            PhoneKeys.of(fields, false);
                            var key =
                                    nested
                                            ? body.laxText("firebase_key", PushKey.MAX_LENGTH)
                                            : null;
                            body.check();
                            return write(call, info, key);
                        });
    }

    private Mono<ServerResponse> setNotificationKey(Call call) {
        return call.body()
                .flatMap(
                        body -> {
                            var key = body.text("firebase_key", PushKey.MAX_LENGTH);
                            body.check();
                            return write(call, null, key);
                        });
    }

    private Mono<ServerResponse> write(
            Call call, @Nullable DeviceInfo info, @Nullable String pushKey) {
        var device = call.phone().device();
        return checkedIn(call, device, info)
                .flatMap(events -> withPushKey(call, device, pushKey, events))
                .flatMap(outbox::append)
                .as(transaction::transactional)
                .then(Responses.noContent());
    }

    private Mono<List<DeviceChanged>> checkedIn(Call call, UUID device, @Nullable DeviceInfo info) {
        return info == null
                ? Mono.just(List.of())
                : devices.checkIn(device, info)
                        .switchIfEmpty(Mono.error(Refusal::notFound))
                        .map(row -> List.of(event(call, row, DeviceChange.CHECKED_IN)));
    }

    private Mono<List<DeviceChanged>> withPushKey(
            Call call, UUID device, @Nullable String pushKey, List<DeviceChanged> events) {
        return pushKey == null
                ? Mono.just(events)
                : devices.setPushKey(device, pushKey)
                        .switchIfEmpty(Mono.error(Refusal::notFound))
                        .map(
                                row -> {
                                    var all = new ArrayList<>(events);
                                    all.add(event(call, row, DeviceChange.PUSH_KEY_SET));
                                    return all;
                                });
    }

    private static DeviceChanged event(Call call, Device row, DeviceChange change) {
        return row.changed(change, call.caller().actor());
    }
}
