package nod.simulators.control;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;

import nod.simulators.fault.Fault;
import nod.simulators.fault.Faults;
import nod.simulators.fault.Provider;
import nod.simulators.inbox.Inbox;
import nod.simulators.inbox.Received;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Inspection and control over plain HTTP, for loopback or a network that is trusted: nobody is
 * asked who they are. PROVIDER is {@code fcm} or {@code apns}; KEY is a push key, percent-encoded.
 *
 * <ul>
 *   <li>{@code GET /inbox/PROVIDER}: the push keys for which something is kept, as a JSON list, the
 *       one silent longest first.
 *   <li>{@code GET /inbox/PROVIDER/KEY?after=N&wait=SECONDS}: what was received for it after
 *       sequence number N (default 0), as a JSON list. When there is nothing, the answer is held
 *       back until there is, or for that long (default 0, at most 60, fractions allowed). Each has
 *       {@code sequence}, {@code received} (time), {@code accepted}, {@code protocol}, {@code
 *       method}, {@code path}, {@code headers}, {@code body} (text), {@code body_base64} and {@code
 *       answer}: {@code kind} ({@code answered}, {@code connection_closed}, {@code no_answer}),
 *       {@code delay} in seconds, and for an answer {@code status}, {@code headers}, {@code body}.
 *   <li>{@code DELETE /inbox/PROVIDER} and {@code DELETE /inbox/PROVIDER/KEY}: forget. 204.
 *   <li>{@code GET /faults}: what is set, as a JSON list of what was put, with {@code provider} and
 *       {@code key} (null: every key).
 *   <li>{@code PUT /faults/PROVIDER} and {@code PUT /faults/PROVIDER/KEY}: fail so from now on.
 *       204. The body has a {@code kind} and, optionally, {@code times}: only for so many requests.
 *       Kinds: {@code fcm_error} with {@code code}; {@code apns_rejection} with {@code reason} and
 *       optionally {@code timestamp}; {@code delay} with {@code seconds}; {@code too_many_requests}
 *       with optionally {@code retry_after} in seconds; {@code server_error} with {@code status}
 *       and optionally {@code retry_after}; {@code connection_closed}; {@code no_answer}; {@code
 *       credentials_refused}.
 *   <li>{@code DELETE /faults}, {@code DELETE /faults/PROVIDER}, {@code DELETE
 *       /faults/PROVIDER/KEY}: fail so no more; of all, of all keys at once, of that key. 204.
 *   <li>{@code GET /health}: 200 while the simulators run.
 * </ul>
 *
 * What is wrong with a request is said in {@code {"detail": "..."}} with status 400, 404 or 405.
 */
public final class ControlServer implements AutoCloseable {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final Duration SHUTDOWN = Duration.ofSeconds(5);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Function<Provider, Inbox> inboxes;
    private final Faults faults;
    private final LoopResources loops = LoopResources.create("nod-simulators-control", 1, true);
    private final ChannelGroup connections =
            new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final DisposableServer server;

    private ControlServer(String host, int port, Function<Provider, Inbox> inboxes, Faults faults) {
        this.inboxes = inboxes;
        this.faults = faults;
        try {
            server =
                    HttpServer.create()
                            .host(host)
                            .port(port)
                            .runOn(loops)
                            .doOnChannelInit(
                                    (observer, channel, address) -> connections.add(channel))
                            .handle(this::handle)
                            .bindNow();
        } catch (ChannelBindException e) {
            loops.dispose();
            throw new IllegalStateException(
                    "simulators' control cannot listen on %s:%d: %s"
                            .formatted(host, port, e.getMessage()),
                    e);
        }
    }

    /**
     * Starts.
     *
     * @param port 0 for any free one
     * @throws IllegalStateException when the port can't be had
     */
    public static ControlServer start(
            String host, int port, Function<Provider, Inbox> inboxes, Faults faults) {
        return new ControlServer(host, port, inboxes, faults);
    }

    /** The port that is listened on. */
    public int port() {
        return ((InetSocketAddress) server.address()).getPort();
    }

    @Override
    public void close() {
        server.disposeNow(SHUTDOWN);
        // The end of the event loops alone leaves a connection open now and then.
        connections.close().awaitUninterruptibly(SHUTDOWN.toMillis());
        loops.disposeLater(Duration.ZERO, SHUTDOWN).block(SHUTDOWN);
    }

    private record Reply(int status, @Nullable JsonNode body) {

        static final Reply DONE = new Reply(204, null);

        static Reply of(JsonNode body) {
            return new Reply(200, body);
        }

        static Reply problem(int status, String detail) {
            return new Reply(status, JSON.createObjectNode().put("detail", detail));
        }
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        return request.receive()
                .aggregate()
                .asByteArray()
                .defaultIfEmpty(new byte[0])
                .flatMap(body -> reply(request.method().name(), request.uri(), body))
                .onErrorResume(
                        IllegalArgumentException.class,
                        e -> Mono.just(Reply.problem(400, String.valueOf(e.getMessage()))))
                .flatMap(reply -> send(response, reply));
    }

    private static Mono<Void> send(HttpServerResponse response, Reply reply) {
        response.status(reply.status());
        JsonNode body = reply.body();
        if (body == null) {
            return response.send();
        }
        response.header("content-type", "application/json");
        return response.sendByteArray(Mono.just(JSON.writeValueAsBytes(body))).then();
    }

    private Mono<Reply> reply(String method, String uri, byte[] body) {
        ControlRequest request = ControlRequest.of(method, uri);
        List<String> path = request.segments();
        String first = path.isEmpty() ? "" : path.getFirst();
        return switch (first) {
            case "health" -> Mono.just(Reply.of(JSON.createObjectNode().put("status", "UP")));
            case "inbox" -> path.size() > 3 ? nothing(uri) : inbox(request, uri);
            case "faults" -> path.size() > 3 ? nothing(uri) : Mono.just(faults(request, body));
            default -> nothing(uri);
        };
    }

    private Mono<Reply> inbox(ControlRequest request, String uri) {
        if (request.segments().size() < 2) {
            return nothing(uri);
        }
        Inbox inbox = inboxes.apply(provider(request));
        Optional<String> key = key(request);
        return switch (request.method()) {
            case "GET" ->
                    key.map(one -> received(inbox, one, request))
                            .orElseGet(() -> Mono.just(Reply.of(keys(inbox))));
            case "DELETE" -> {
                key.ifPresentOrElse(inbox::clear, inbox::clear);
                yield Mono.just(Reply.DONE);
            }
            default -> Mono.just(notAllowed(request, "GET and DELETE"));
        };
    }

    private static Mono<Reply> received(Inbox inbox, String key, ControlRequest request) {
        Duration wait = request.waiting(LONGEST_WAIT);
        if (wait.isZero()) {
            return Mono.just(reply(inbox.received(key, request.after())));
        }
        return Mono.fromFuture(inbox.next(key, request.after()))
                .timeout(wait, Mono.just(List.of()))
                .map(ControlServer::reply);
    }

    private static Reply reply(List<Received> messages) {
        return Reply.of(ReceivedJson.write(JSON, messages));
    }

    private static ArrayNode keys(Inbox inbox) {
        ArrayNode all = JSON.createArrayNode();
        inbox.keys().forEach(all::add);
        return all;
    }

    private Reply faults(ControlRequest request, byte[] body) {
        return switch (request.method()) {
            case "GET" ->
                    request.segments().size() == 1
                            ? Reply.of(activeFaults())
                            : notAllowed(request, "PUT and DELETE");
            case "PUT" -> setFault(request, body);
            case "DELETE" -> clearFault(request);
            default -> notAllowed(request, "GET, PUT and DELETE");
        };
    }

    private ArrayNode activeFaults() {
        ArrayNode all = JSON.createArrayNode();
        faults.active().forEach(active -> all.add(FaultJson.write(JSON, active)));
        return all;
    }

    private Reply setFault(ControlRequest request, byte[] body) {
        Provider provider = provider(request);
        JsonNode json = json(body);
        Fault fault = FaultJson.read(json);
        Optional<Integer> times = FaultJson.times(json);
        Optional<String> key = key(request);
        if (key.isPresent() && times.isPresent()) {
            faults.set(provider, key.get(), fault, times.get());
        } else if (key.isPresent()) {
            faults.set(provider, key.get(), fault);
        } else if (times.isPresent()) {
            faults.set(provider, fault, times.get());
        } else {
            faults.set(provider, fault);
        }
        return Reply.DONE;
    }

    private Reply clearFault(ControlRequest request) {
        if (request.segments().size() == 1) {
            faults.clearAll();
            return Reply.DONE;
        }
        Provider provider = provider(request);
        key(request)
                .ifPresentOrElse(key -> faults.clear(provider, key), () -> faults.clear(provider));
        return Reply.DONE;
    }

    private static Provider provider(ControlRequest request) {
        String label = request.segments().size() < 2 ? "missing" : request.segments().get(1);
        return Provider.of(label)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "provider: %s, expected fcm or apns".formatted(label)));
    }

    private static Optional<String> key(ControlRequest request) {
        return request.segments().stream().skip(2).findFirst();
    }

    private static JsonNode json(byte[] body) {
        try {
            JsonNode json = JSON.readTree(body);
            if (json instanceof ObjectNode) {
                return json;
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("body: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException("body: expected a JSON object");
    }

    private static Mono<Reply> nothing(String uri) {
        return Mono.just(Reply.problem(404, "nothing at " + uri));
    }

    private static Reply notAllowed(ControlRequest request, String expected) {
        return Reply.problem(405, "method: %s, expected %s".formatted(request.method(), expected));
    }
}
