package nod.gateway.device;

import nod.gateway.lock.UserLimits;
import nod.gateway.security.Reach;
import nod.gateway.transaction.Withdrawals;
import nod.messaging.outbox.Outbox;
import nod.schemas.event.Actor;
import nod.schemas.event.DeviceChange;

import org.springframework.stereotype.Service;

import reactor.core.publisher.Mono;

import java.util.List;
import java.util.UUID;

/**
 * Removes devices. In one database transaction the device is taken off the open transactions that
 * ask it, those left without a device are withdrawn, and its row and tokens go. All methods run in
 * the caller's transaction and take the user's row first.
 */
@Service
public class DeviceRemoval {

    private final Devices devices;
    private final UserLimits users;
    private final Withdrawals withdrawals;
    private final Outbox outbox;

    DeviceRemoval(Devices devices, UserLimits users, Withdrawals withdrawals, Outbox outbox) {
        this.devices = devices;
        this.users = users;
        this.withdrawals = withdrawals;
        this.outbox = outbox;
    }

    /** Removes a device within reach; false where there is none. */
    Mono<Boolean> remove(UUID pk, Reach reach, Actor by) {
        return devices.find(pk, reach)
                .flatMap(device -> users.lock(device.user()).then(removeLocked(pk, by)))
                .defaultIfEmpty(false);
    }

    /** Removes all devices of a user. */
    Mono<Void> removeAllOf(String user, Actor by) {
        return users.lock(user)
                .thenMany(devices.allOf(user))
                .concatMap(device -> removeLocked(device.pk(), by))
                .then();
    }

    /** Removes a device of a user whose row is locked; false where there is none. */
    public Mono<Boolean> removeLocked(UUID pk, Actor by) {
        return withdrawals
                .takeOffOpenTransactions(pk, by)
                .collectList()
                .flatMap(
                        withdrawn ->
                                devices.delete(pk)
                                        .flatMap(
                                                device ->
                                                        publish(device, withdrawn, by)
                                                                .thenReturn(true)))
                .defaultIfEmpty(false);
    }

    private Mono<Void> publish(Device device, List<Outbox.Traced> withdrawn, Actor by) {
        return outbox.appendTraced(withdrawn)
                .then(outbox.append(device.changed(DeviceChange.REMOVED, by)));
    }
}
