package nod.gateway.throttle;

import static java.util.Comparator.naturalOrder;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import nod.gateway.GatewaySettings;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Counts bad credentials, and enrolments that fail, by the address that they come from and by the
 * device whose path they call, at this instance. It says how a failure is answered and nothing
 * else: what is good never comes here. Thread-safe.
 */
@Component
public final class FailureThrottle {

    /** Of each kind: some 20 MB. */
    private static final int MAX_SUBJECTS = 50_000;

    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final String FAILURES = "nod.gateway.credential.failures";

    private final TrustedProxies proxies;
    private final FailureCounts<ClientNetwork> addresses;
    private final FailureCounts<UUID> devices;
    private final Counter refused;
    private final Counter throttled;

    FailureThrottle(GatewaySettings settings, MeterRegistry metrics) {
        var throttle = settings.throttle();
        this.proxies = TrustedProxies.of(settings.trustedProxies());
        this.addresses = counts(throttle.credentialFailuresPerMinute());
        this.devices = counts(throttle.deviceFailuresPerMinute());
        this.refused = failures("refused", metrics);
        this.throttled = failures("throttled", metrics);
        Gauge.builder("nod.gateway.throttle.addresses", addresses, FailureCounts::subjects)
                .description("Addresses whose failures are counted")
                .register(metrics);
        Gauge.builder("nod.gateway.throttle.devices", devices, FailureCounts::subjects)
                .description("Devices on whose paths failures are counted")
                .register(metrics);
    }

    private static <S> FailureCounts<S> counts(int perMinute) {
        return new FailureCounts<>(perMinute, MAX_SUBJECTS, System::nanoTime);
    }

    private static Counter failures(String answer, MeterRegistry metrics) {
        return Counter.builder(FAILURES)
                .description("Missing and bad credentials, and enrolments that failed")
                .tag("answer", answer)
                .register(metrics);
    }

    /**
     * Counts a request that failed.
     *
     * @param device the device whose path it called; null where it called none
     * @return how long the address has to wait, or whoever calls the device, where there were too
     *     many; else empty
     */
    public Optional<Duration> countFailure(ServerRequest request, @Nullable UUID device) {
        var ofAddress = addresses.count(client(request));
        var ofDevice = device == null ? Optional.<Duration>empty() : devices.count(device);
        var wait = Stream.of(ofAddress, ofDevice).flatMap(Optional::stream).max(naturalOrder());
        (wait.isPresent() ? throttled : refused).increment();
        return wait;
    }

    /** Null where the connection says nothing of an address. */
    private @Nullable ClientNetwork client(ServerRequest request) {
        return request.remoteAddress()
                .map(InetSocketAddress::getAddress)
                .map(peer -> proxies.clientOf(peer, request.headers().header(FORWARDED_FOR)))
                .map(ClientNetwork::of)
                .orElse(null);
    }
}
