package nod.gateway.security.dpop;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import nod.gateway.GatewaySettings;
import nod.gateway.GatewaySettings.Enrollment.DeviceBinding;
import nod.gateway.security.CredentialFailure;
import nod.gateway.security.Presented;
import nod.gateway.security.Proofs;
import nod.gateway.security.dpop.Verdict.Reason;
import nod.gateway.security.phonekey.ProofKey;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;

/** Checks proofs, then uses them up. Thread-safe. */
@Component
final class DpopProofs implements Proofs {

    private static final Logger log = LoggerFactory.getLogger(DpopProofs.class);
    private static final String REFUSED = "nod.gateway.dpop.refused";

    private final GatewaySettings settings;
    private final UsedProofs used;
    private final Clock clock;
    private final Map<Reason, Counter> refusals = new EnumMap<>(Reason.class);

    DpopProofs(GatewaySettings settings, UsedProofs used, Clock clock, MeterRegistry metrics) {
        this.settings = settings;
        this.used = used;
        this.clock = clock;
        for (var reason : Reason.values()) {
            refusals.put(
                    reason,
                    Counter.builder(REFUSED)
                            .description("Calls of phones without a good proof of their key")
                            .tag("reason", reason.tag())
                            .register(metrics));
        }
    }

    @Override
    public Mono<Void> require(UUID device, @Nullable ProofKey key, Presented request) {
        return Mono.defer(
                () -> key == null ? unbound(device) : bound(device, check(key, request), request));
    }

    private Mono<Void> unbound(UUID device) {
        return settings.enrollment().deviceBinding() == DeviceBinding.REQUIRED
                ? refused(device, Reason.NO_KEY)
                : Mono.empty();
    }

    /** The URL is the public one: what a request says of its host, anybody may have written. */
    private ProofCheck check(ProofKey key, Presented request) {
        var url = settings.publicUrl() + request.path().substring(1);
        return new ProofCheck(key, request.method(), url, request.token().hash());
    }

    private Mono<Void> bound(UUID device, ProofCheck check, Presented request) {
        return switch (check.of(request.proofs(), clock.instant())) {
            case Verdict.Refused(var reason) -> refused(device, reason);
            case Verdict.Good(var jti) ->
                    used.spend(device, jti)
                            .flatMap(
                                    first ->
                                            first
                                                    ? Mono.empty()
                                                    : refused(device, Reason.REPLAYED));
        };
    }

    private Mono<Void> refused(UUID device, Reason reason) {
        requireNonNull(refusals.get(reason)).increment();
        log.info("A call of device {} had no good DPoP proof: {}", device, reason.tag());
        return Mono.error(CredentialFailure.invalidProof());
    }
}
