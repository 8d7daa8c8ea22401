package nod.gateway.enrollment;

import nod.gateway.GatewaySettings;
import nod.gateway.GatewaySettings.Enrollment.DeviceBinding;
import nod.gateway.device.Device;
import nod.gateway.device.DeviceInfo;
import nod.gateway.device.Devices;
import nod.gateway.device.PhoneKeys;
import nod.gateway.device.PushKey;
import nod.gateway.security.Access;
import nod.gateway.security.Caller;
import nod.gateway.security.CredentialFailure;
import nod.gateway.security.EnrollmentTokenUses;
import nod.gateway.security.Proofs;
import nod.gateway.security.Reach;
import nod.gateway.web.Api;
import nod.gateway.web.Call;
import nod.gateway.web.CountedRefusal;
import nod.gateway.web.Refusal;
import nod.gateway.web.Resource;
import nod.gateway.web.Responses;

import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;

import reactor.core.publisher.Mono;

import java.util.List;
import java.util.Map;

/** Begins an enrolment, takes the phone's callback, tells how it stands. */
@Component
class EnrollmentApi implements Api {

    private static final int MAX_USER = 255;
    private static final int MAX_DEVICE_UID = 1024;

    /** What a device is called until its phone gives a name. */
    private static final String NAMELESS = "Mobile Device";

    private final GatewaySettings settings;
    private final Enrollments enrollments;
    private final Devices devices;
    private final Proofs proofs;

    EnrollmentApi(
            GatewaySettings settings, Enrollments enrollments, Devices devices, Proofs proofs) {
        this.settings = settings;
        this.enrollments = enrollments;
        this.devices = devices;
        this.proofs = proofs;
    }

    @Override
    public List<Resource> resources() {
        return List.of(
                new Resource(
                        "/authenticators/mobile/",
                        Access.DEPLOYMENT_OR_OWNER,
                        Map.of(HttpMethod.POST, this::begin)),
                new Resource(
                        "/authenticators/mobile/{uuid}/enrollment_callback/",
                        Access.ENROLLMENT,
                        Map.of(HttpMethod.POST, this::callback)),
                new Resource(
                        "/authenticators/mobile/{uuid}/enrollment_status/",
                        Access.DEVICE_OR_ENROLLMENT,
                        Map.of(HttpMethod.POST, this::status)));
    }

    private Mono<ServerResponse> begin(Call call) {
        if (call.caller() instanceof Caller.Owner && !settings.jwt().ownerEnrollment()) {
            throw CredentialFailure.noPermission();
        }
        return call.body()
                .flatMap(
                        body -> {
                            var user = body.text("user", MAX_USER);
                            var name = body.optionalText("name", Device.MAX_NAME);
                            body.check();
                            if (!call.reach().covers(user)) {
                                throw CredentialFailure.noPermission();
                            }
                            return enrollments.begin(
                                    user, name == null ? NAMELESS : name, call.caller().actor());
                        })
                .flatMap(Responses::created);
    }

    /**
     * Takes the later dialect of the app as well: a push key beside device_uid and info. Whoever
     * has a good token may fail as often as somebody with a bad one.
     */
    private Mono<ServerResponse> callback(Call call) {
        return call.body()
                .flatMap(
                        body -> {
                            var deviceUid = body.text("device_uid", MAX_DEVICE_UID);
                            var fields = body.object("info");
                            var info = DeviceInfo.of(fields);
                            var keys = PhoneKeys.of(fields, needsKey());
                            var pushKey = body.laxText("firebase_key", PushKey.MAX_LENGTH);
                            body.check();
                            return proven(call, keys)
                                    .then(
                                            enrollments.complete(
                                                    call.phone(), deviceUid, info, keys, pushKey));
                        })
                .doOnError(
                        Refusal.class,
                        refusal ->
                                EnrollmentTokenUses.refused(
                                        call.phone().device(),
                                        "it was answered with " + refusal.status().value()))
                .onErrorMap(Refusal.class, CountedRefusal::new)
                .flatMap(token -> Responses.ok(new IssuedToken(token)));
    }

    private boolean needsKey() {
        return settings.enrollment().deviceBinding() == DeviceBinding.REQUIRED;
    }

    /** The callback that brings a key is itself signed with it; else anybody's could be given. */
    private Mono<Void> proven(Call call, PhoneKeys keys) {
        var device = call.phone().device();
        return proofs.require(device, keys.publicKey(), call.presented())
                .doOnError(
                        CredentialFailure.class,
                        _ -> EnrollmentTokenUses.refused(device, "its proof was not good"));
    }

    private Mono<ServerResponse> status(Call call) {
        return devices.find(call.phone().device(), Reach.EVERYBODY)
                .switchIfEmpty(Mono.error(Refusal::notFound))
                .flatMap(
                        device ->
                                Responses.ok(
                                        Map.of(
                                                "status",
                                                device.confirmed() ? "success" : "waiting")));
    }
}
