package nod.gateway.enrollment;

import nod.gateway.GatewaySettings;
import nod.gateway.device.Device;
import nod.gateway.device.DeviceInfo;
import nod.gateway.device.DeviceRemoval;
import nod.gateway.device.Devices;
import nod.gateway.device.MobileDevice;
import nod.gateway.device.PhoneKeys;
import nod.gateway.lock.UserLimits;
import nod.gateway.security.Caller;
import nod.gateway.security.CredentialFailure;
import nod.gateway.security.DeviceTokens;
import nod.gateway.security.EnrollmentTokenUses;
import nod.gateway.security.Reach;
import nod.gateway.security.TokenHash;
import nod.gateway.security.Tokens;
import nod.gateway.web.Refusal;
import nod.messaging.outbox.Outbox;
import nod.schemas.event.Actor;
import nod.schemas.event.DeviceChange;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Mono;

import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.util.UUID;

/** Begins enrolments and completes them. Both take the user's row first. */
@Service
class Enrollments {

    private final GatewaySettings settings;
    private final UserLimits users;
    private final Devices devices;
    private final DeviceRemoval removal;
    private final DeviceTokens deviceTokens;
    private final Outbox outbox;
    private final TransactionalOperator transaction;
    private final JsonMapper json;
    private final Tokens tokens = new Tokens();

    Enrollments(
            GatewaySettings settings,
            UserLimits users,
            Devices devices,
            DeviceRemoval removal,
            DeviceTokens deviceTokens,
            Outbox outbox,
            TransactionalOperator transaction,
            JsonMapper json) {
        this.settings = settings;
        this.users = users;
        this.devices = devices;
        this.removal = removal;
        this.deviceTokens = deviceTokens;
        this.outbox = outbox;
        this.transaction = transaction;
        this.json = json;
    }

    /** Creates an unconfirmed device and what its phone has to scan. */
    Mono<Enrollment> begin(String user, String name, Actor by) {
        var token = tokens.next();
        return users.lock(user)
                .then(devices.countOf(user))
                .doOnNext(count -> requireRoom(count))
                .then(devices.add(UUID.randomUUID(), user, name))
                .flatMap(
                        device ->
                                deviceTokens
                                        .addEnrollmentToken(
                                                device.pk(),
                                                TokenHash.of(token),
                                                settings.enrollment().tokenLifetime())
                                        .flatMap(expires -> begun(device, token, expires, by)))
                .as(transaction::transactional);
    }

    private void requireRoom(long count) {
        var max = settings.enrollment().maxDevices();
        if (count >= max) {
            throw Refusal.invalid(
                    "user", "This user has " + count + " devices, the most is " + max + ".");
        }
    }

    private Mono<Enrollment> begun(Device device, String token, Instant expires, Actor by) {
        var payload = new Enrollment.Payload(settings.publicUrl(), device.pk(), token);
        return outbox.append(device.changed(DeviceChange.ENROLLMENT_BEGUN, by))
                .thenReturn(
                        new Enrollment(
                                MobileDevice.of(device),
                                payload,
                                QrCode.dataUrl(json.writeValueAsString(payload)),
                                expires));
    }

    /**
     * Confirms the device and spends the enrollment token. A device that the same phone had
     * enrolled for the same user before is removed.
     *
     * @return the device token; only its hash is kept
     */
    Mono<String> complete(
            Caller.Phone phone,
            String deviceUid,
            DeviceInfo info,
            PhoneKeys keys,
            @Nullable String pushKey) {
        var deviceToken = tokens.next();
        return devices.find(phone.device(), Reach.EVERYBODY)
                .switchIfEmpty(Mono.error(Refusal::notFound))
                .flatMap(device -> users.lock(device.user()).thenReturn(device))
                .flatMap(
                        device ->
                                deviceTokens
                                        .spend(phone.token())
                                        .doOnNext(spent -> requireSpent(spent, device))
                                        .then(replaceEarlier(device, deviceUid, phone.actor()))
                                        .then(
                                                confirm(
                                                        device,
                                                        deviceUid,
                                                        info,
                                                        keys,
                                                        phone.actor())))
                .flatMap(
                        device ->
                                deviceTokens
                                        .replaceDeviceToken(device.pk(), TokenHash.of(deviceToken))
                                        .then(setPushKey(device, pushKey, phone.actor())))
                .as(transaction::transactional)
                .onErrorMap(DuplicateKeyException.class, _ -> anotherUsersPhone())
                .doOnSuccess(_ -> EnrollmentTokenUses.succeeded(phone.device()))
                .thenReturn(deviceToken);
    }

    private static void requireSpent(boolean spent, Device device) {
        if (!spent) {
            EnrollmentTokenUses.refused(device.pk(), "it was spent meanwhile");
            throw CredentialFailure.spent();
        }
    }

    private Mono<Void> replaceEarlier(Device device, String deviceUid, Actor by) {
        return devices.findByUid(deviceUid)
                .flatMap(
                        earlier -> {
                            if (!earlier.user().equals(device.user())) {
                                throw anotherUsersPhone();
                            }
                            return earlier.pk().equals(device.pk())
                                    ? Mono.<Void>empty()
                                    : removal.removeLocked(earlier.pk(), by).then();
                        });
    }

    /** Also where another user's enrolment of the phone was committed after we had looked. */
    private static Refusal anotherUsersPhone() {
        return Refusal.invalid("device_uid", "This phone is another user's device.");
    }

    private Mono<Device> confirm(
            Device device, String deviceUid, DeviceInfo info, PhoneKeys keys, Actor by) {
        return devices.confirm(device.pk(), deviceUid, Device.nameOf(info.hostname()), info, keys)
                .switchIfEmpty(Mono.error(Refusal::notFound))
                .flatMap(
                        confirmed ->
                                outbox.append(confirmed.changed(DeviceChange.CONFIRMED, by))
                                        .thenReturn(confirmed));
    }

    private Mono<Void> setPushKey(Device device, @Nullable String pushKey, Actor by) {
        return pushKey == null
                ? Mono.empty()
                : devices.setPushKey(device.pk(), pushKey)
                        .flatMap(
                                changed ->
                                        outbox.append(
                                                changed.changed(DeviceChange.PUSH_KEY_SET, by)));
    }
}
