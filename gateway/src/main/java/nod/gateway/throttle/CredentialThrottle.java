package nod.gateway.throttle;

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

/**
 * Counts bad credentials by the address that they come from, at this instance. It says how a
 * failure is answered and nothing else: good credentials never come here. Thread-safe.
 */
@Component
public final class CredentialThrottle {

    /** Some 20 MB. */
    private static final int MAX_CLIENTS = 50_000;

    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final String FAILURES = "nod.gateway.credential.failures";

    private final TrustedProxies proxies;
    private final FailureCounts counts;
    private final Counter refused;
    private final Counter throttled;

    CredentialThrottle(GatewaySettings settings, MeterRegistry metrics) {
        this.proxies = TrustedProxies.of(settings.trustedProxies());
        this.counts =
                new FailureCounts(
                        settings.throttle().credentialFailuresPerMinute(),
                        MAX_CLIENTS,
                        System::nanoTime);
        this.refused = failures("refused", metrics);
        this.throttled = failures("throttled", metrics);
        Gauge.builder("nod.gateway.throttle.addresses", counts, FailureCounts::clients)
                .description("Addresses whose bad credentials are counted")
                .register(metrics);
    }

    private static Counter failures(String answer, MeterRegistry metrics) {
        return Counter.builder(FAILURES)
                .description("Missing and bad credentials")
                .tag("answer", answer)
                .register(metrics);
    }

    /**
     * Counts the bad credential of a request, or the lack of one.
     *
     * @return how long the address has to wait where it has brought too many; else empty
     */
    public Optional<Duration> countFailure(ServerRequest request) {
        var wait = counts.count(client(request));
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
