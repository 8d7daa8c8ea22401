package nod.simulators.apns;

import nod.simulators.fault.ApnsReason;
import nod.simulators.fault.Fault;
import nod.simulators.fault.Faults;
import nod.simulators.fault.Provider;
import nod.simulators.inbox.Inbox;
import nod.simulators.tls.ServerCertificate;
import nod.simulators.wire.Reaction;
import nod.simulators.wire.WireRequest;
import nod.simulators.wire.WireServer;

import org.jspecify.annotations.Nullable;

import reactor.netty.http.HttpProtocol;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * APNs' provider API with token authentication: {@code POST /3/device/TOKEN} over TLS and HTTP/2.
 *
 * <p>pushy's mock server lends its parsing and verification of provider tokens; the server itself
 * is another one, because pushy's listens on every interface, knows device tokens of 64 digits
 * only, reads the system's clock, and can neither take its time, nor stay silent, nor hang up.
 */
public final class ApnsSimulator implements AutoCloseable {

    // What Apple's servers allow once a connection has authenticated itself.
    private static final int CONCURRENT_STREAMS = 1000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Setup setup;
    private final ApnsKey key;
    private final ProviderTokens tokens;
    private final WireServer server;

    /**
     * What it needs.
     *
     * @param folder for the signing key
     * @param topic the one topic that exists
     * @param bindHost where it listens
     * @param port 0 for any free one
     */
    public record Setup(
            Path folder,
            String topic,
            String keyId,
            String teamId,
            String bindHost,
            int port,
            ServerCertificate certificate,
            Inbox inbox,
            Faults faults,
            Clock clock) {}

    private ApnsSimulator(Setup setup) {
        this.setup = setup;
        key = ApnsKey.findOrCreate(setup.folder(), setup.keyId());
        tokens = new ProviderTokens(setup.keyId(), setup.teamId(), key.publicKey(), setup.clock());
        server =
                WireServer.start(
                        new WireServer.Listening(
                                "apns-simulator",
                                setup.bindHost(),
                                setup.port(),
                                CONCURRENT_STREAMS,
                                HttpProtocol.H2),
                        setup.certificate(),
                        this::serve);
    }

    /**
     * Starts, and writes {@code AuthKey_KEYID.p8} into the folder.
     *
     * @throws IllegalStateException when the port can't be had
     */
    public static ApnsSimulator start(Setup setup) {
        return new ApnsSimulator(setup);
    }

    /** The port that is listened on. */
    public int port() {
        return server.port();
    }

    /** The .p8 file that pushy reads its signing key from; mode 0600. */
    public Path signingKeyFile() {
        return key.signingKeyFile();
    }

    @Override
    public void close() {
        server.close();
    }

    private Reaction serve(WireRequest request) {
        ApnsNotification notification = new ApnsNotification(request);
        String id = notification.id().orElseGet(ApnsSimulator::freshId);
        Optional<ApnsReason> misdirected = notification.misdirected();
        if (misdirected.isPresent()) {
            return rejection(misdirected.get(), null, id);
        }
        String deviceToken = notification.deviceToken().orElseThrow();
        Reaction reaction =
                setup.faults()
                        .take(Provider.APNS, deviceToken)
                        .map(fault -> failing(fault, notification, id))
                        .orElseGet(() -> judged(notification, id));
        setup.inbox().add(deviceToken, request, reaction);
        return reaction;
    }

    private Reaction failing(Fault fault, ApnsNotification notification, String id) {
        return switch (fault) {
            case Fault.ApnsRejection(ApnsReason reason, var since) -> rejection(reason, since, id);
            case Fault.FcmError error ->
                    throw new IllegalStateException("not one of APNs' faults: " + error);
            case Fault.Delay delay -> new Reaction.Delayed(delay.by(), judged(notification, id));
            case Fault.TooManyRequests(var retryAfter) ->
                    rejection(ApnsReason.TOO_MANY_REQUESTS, null, id).retryAfter(retryAfter);
            case Fault.ServerError(int status, var retryAfter) ->
                    serverError(status, id).retryAfter(retryAfter);
            case Fault.ConnectionClosed() -> new Reaction.Closed();
            case Fault.NoAnswer() -> new Reaction.Silent();
            case Fault.CredentialsRefused() ->
                    rejection(ApnsReason.INVALID_PROVIDER_TOKEN, null, id);
        };
    }

    private Reaction.Answer judged(ApnsNotification notification, String id) {
        return tokens.refusal(notification.request().header("authorization"))
                .or(() -> notification.violation(setup.topic()))
                .map(reason -> rejection(reason, null, id))
                .orElseGet(() -> new Reaction.Answer(200, Map.of("apns-id", id), new byte[0]));
    }

    private static Reaction.Answer serverError(int status, String id) {
        return switch (status) {
            case 503 -> rejection(ApnsReason.SERVICE_UNAVAILABLE, null, id);
            default -> rejection(status, ApnsReason.INTERNAL_SERVER_ERROR.reason(), null, id);
        };
    }

    private static Reaction.Answer rejection(
            ApnsReason reason, @Nullable Instant since, String id) {
        return rejection(reason.status(), reason.reason(), since, id);
    }

    private static Reaction.Answer rejection(
            int status, String reason, @Nullable Instant since, String id) {
        ObjectNode body = JSON.createObjectNode().put("reason", reason);
        if (since != null) {
            body.put("timestamp", since.toEpochMilli());
        }
        return Reaction.Answer.json(status, JSON.writeValueAsString(body)).with("apns-id", id);
    }

    private static String freshId() {
        return UUID.randomUUID().toString().toUpperCase(Locale.ROOT);
    }
}
