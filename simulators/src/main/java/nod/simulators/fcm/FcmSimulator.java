package nod.simulators.fcm;

import nod.simulators.fault.Fault;
import nod.simulators.fault.Faults;
import nod.simulators.fault.FcmErrorCode;
import nod.simulators.fault.Provider;
import nod.simulators.inbox.Inbox;
import nod.simulators.tls.ServerCertificate;
import nod.simulators.wire.Reaction;
import nod.simulators.wire.WireRequest;
import nod.simulators.wire.WireServer;

import reactor.netty.http.HttpProtocol;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * FCM HTTP v1 with its OAuth token endpoint: {@code POST /token} and {@code POST
 * /v1/projects/PROJECT/messages:send}, over TLS, HTTP/2 or HTTP/1.1.
 */
public final class FcmSimulator implements AutoCloseable {

    // FCM's own limit.
    private static final int CONCURRENT_STREAMS = 100;
    private static final String TOKEN_PATH = "/token";
    private static final Pattern SEND =
            Pattern.compile("/v1/projects/([^/?]+)/messages:send(\\?.*)?");
    private static final Pattern BEARER = Pattern.compile("(?i)bearer +(\\S+) *");

    private final Setup setup;
    private final AccessTokens tokens;
    private final TokenEndpoint tokenEndpoint;
    private final WireServer server;
    private final URI baseUri;
    private final Path serviceAccountFile;

    /**
     * What it needs.
     *
     * @param folder for the service account's key and file
     * @param project the one project that exists
     * @param bindHost where it listens
     * @param port 0 for any free one
     * @param advertisedHost the name that clients are told
     */
    public record Setup(
            Path folder,
            String project,
            String bindHost,
            int port,
            String advertisedHost,
            ServerCertificate certificate,
            Inbox inbox,
            Faults faults,
            Clock clock) {}

    private FcmSimulator(Setup setup) {
        this.setup = setup;
        ServiceAccount account = ServiceAccount.findOrCreate(setup.folder(), setup.project());
        Pattern ownAudience =
                Pattern.compile(
                        "https://" + Pattern.quote(setup.advertisedHost()) + ":\\d+" + TOKEN_PATH);
        tokens = new AccessTokens(setup.clock());
        tokenEndpoint = new TokenEndpoint(account, ownAudience, tokens, setup.clock());
        server =
                WireServer.start(
                        new WireServer.Listening(
                                "fcm-simulator",
                                setup.bindHost(),
                                setup.port(),
                                CONCURRENT_STREAMS,
                                HttpProtocol.H2,
                                HttpProtocol.HTTP11),
                        setup.certificate(),
                        this::serve);
        baseUri = URI.create("https://%s:%d".formatted(setup.advertisedHost(), server.port()));
        serviceAccountFile = setup.folder().resolve("fcm-service-account.json");
        account.writeFile(serviceAccountFile, setup.project(), baseUri.resolve(TOKEN_PATH));
    }

    /**
     * Starts, and writes {@code fcm-service-account.json} into the folder.
     *
     * @throws IllegalStateException when the port can't be had
     */
    public static FcmSimulator start(Setup setup) {
        return new FcmSimulator(setup);
    }

    /** What stands in for {@code https://fcm.googleapis.com}; no slash at its end. */
    public URI baseUri() {
        return baseUri;
    }

    /** The file that firebase-admin reads its credentials from; mode 0600. */
    public Path serviceAccountFile() {
        return serviceAccountFile;
    }

    /** Forgets every access token issued so far, as if all had expired. */
    public void revokeAccessTokens() {
        tokens.revokeAll();
    }

    @Override
    public void close() {
        server.close();
    }

    private Reaction serve(WireRequest request) {
        if (!request.method().equals("POST")) {
            return FcmAnswers.notFound(request.path());
        }
        if (request.path().equals(TOKEN_PATH)) {
            return token(request);
        }
        Matcher send = SEND.matcher(request.path());
        return send.matches() ? send(request, send.group(1)) : FcmAnswers.notFound(request.path());
    }

    private Reaction token(WireRequest request) {
        return setup.faults()
                .take(Provider.FCM, Fault.CredentialsRefused.class::isInstance)
                .map(refused -> TokenEndpoint.refused())
                .orElseGet(() -> tokenEndpoint.answer(request));
    }

    private Reaction send(WireRequest request, String project) {
        FcmMessage message = FcmMessage.of(request.body());
        Optional<String> key = message.key();
        if (key.isEmpty()) {
            return judged(request, project, message);
        }
        Reaction reaction =
                setup.faults()
                        .take(Provider.FCM, key.get())
                        .map(fault -> failing(fault, request, project, message))
                        .orElseGet(() -> judged(request, project, message));
        setup.inbox().add(key.get(), request, reaction);
        return reaction;
    }

    private Reaction failing(Fault fault, WireRequest request, String project, FcmMessage message) {
        return switch (fault) {
            case Fault.FcmError(FcmErrorCode code) -> FcmAnswers.error(code);
            case Fault.ApnsRejection rejection ->
                    throw new IllegalStateException("not one of FCM's faults: " + rejection);
            case Fault.Delay delay ->
                    new Reaction.Delayed(delay.by(), judged(request, project, message));
            case Fault.TooManyRequests(var retryAfter) ->
                    FcmAnswers.error(FcmErrorCode.QUOTA_EXCEEDED).retryAfter(retryAfter);
            case Fault.ServerError(int status, var retryAfter) ->
                    FcmAnswers.serverError(status).retryAfter(retryAfter);
            case Fault.ConnectionClosed() -> new Reaction.Closed();
            case Fault.NoAnswer() -> new Reaction.Silent();
            case Fault.CredentialsRefused() -> FcmAnswers.credentialsInvalid();
        };
    }

    private Reaction.Answer judged(WireRequest request, String project, FcmMessage message) {
        return refusal(request, project)
                .or(() -> message.violation().map(FcmAnswers::invalid))
                .orElseGet(() -> FcmAnswers.success(name(message)));
    }

    private Optional<Reaction.Answer> refusal(WireRequest request, String project) {
        String authorization = request.header("authorization");
        if (authorization == null) {
            return Optional.of(FcmAnswers.credentialsMissing());
        }
        Matcher bearer = BEARER.matcher(authorization);
        Optional<AccessTokens.Grant> grant =
                bearer.matches() ? tokens.grant(bearer.group(1)) : Optional.empty();
        if (grant.isEmpty()) {
            return Optional.of(FcmAnswers.credentialsInvalid());
        }
        if (!grant.get().allowsMessaging()) {
            return Optional.of(FcmAnswers.scopeInsufficient());
        }
        return project.equals(setup.project())
                ? Optional.empty()
                : Optional.of(FcmAnswers.foreignProject(project));
    }

    private String name(FcmMessage message) {
        String id =
                message.validateOnly()
                        ? "fake_message_id"
                        : "0:%d%%%016x"
                                .formatted(
                                        setup.clock().millis() * 1000,
                                        ThreadLocalRandom.current().nextLong());
        return "projects/%s/messages/%s".formatted(setup.project(), id);
    }
}
