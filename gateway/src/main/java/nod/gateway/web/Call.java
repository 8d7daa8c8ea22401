package nod.gateway.web;

import nod.gateway.security.Caller;
import nod.gateway.security.Presented;
import nod.gateway.security.Reach;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.reactive.function.server.ServerRequest;

import reactor.core.publisher.Mono;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/** One request to an operation. */
public final class Call {

    private final ServerRequest request;
    private final Caller caller;
    private final JsonBodies bodies;

    Call(ServerRequest request, Caller caller, JsonBodies bodies) {
        this.request = request;
        this.caller = caller;
        this.bodies = bodies;
    }

    /** Who calls. */
    public Caller caller() {
        return caller;
    }

    /** The phone that calls, on a path that takes only tokens of phones. */
    public Caller.Phone phone() {
        if (caller instanceof Caller.Phone phone) {
            return phone;
        }
        throw new IllegalStateException("the path takes no tokens of phones");
    }

    /** What the request shows of who sends it. */
    public Presented presented() {
        return presented(request);
    }

    static Presented presented(ServerRequest request) {
        return new Presented(
                request.headers().header(HttpHeaders.AUTHORIZATION),
                request.headers().header("DPoP"),
                request.method().name(),
                request.requestPath().pathWithinApplication().value());
    }

    /** Whether only the headers of the answer are wanted. */
    public boolean isHead() {
        return request.method() == HttpMethod.HEAD;
    }

    /** Whose devices the caller may see and change, on a path that takes no tokens of phones. */
    public Reach reach() {
        return switch (caller) {
            case Caller.Deployment _ -> Reach.EVERYBODY;
            case Caller.Owner owner -> new Reach.OneUser(owner.user());
            case Caller.Phone _, Caller.Anyone _ ->
                    throw new IllegalStateException("the path takes no credentials of authentik");
        };
    }

    /** The path variable as an id; what is no UUID names nothing. */
    public UUID id(String variable) {
        var text = request.pathVariable(variable);
        try {
            var id = UUID.fromString(text);
            // fromString takes shortened groups too.
            if (id.toString().equalsIgnoreCase(text)) {
                return id;
            }
        } catch (IllegalArgumentException malformed) {
            throw Refusal.notFound();
        }
        throw Refusal.notFound();
    }

    /** The path variable as it stands. */
    public String variable(String name) {
        return request.pathVariable(name);
    }

    /** The query parameter; null where it is absent or empty. */
    public @Nullable String query(String name) {
        return request.queryParam(name).filter(value -> !value.isEmpty()).orElse(null);
    }

    /**
     * The query parameter as a text that is looked for; null where it is absent or empty. Refuses
     * NUL, which no stored text has.
     */
    public @Nullable String textQuery(String name) {
        var value = query(name);
        if (value != null && value.indexOf(0) >= 0) {
            throw Refusal.invalid(name, Fields.NUL_SENTENCE);
        }
        return value;
    }

    /** The first header of that name; null where there is none. */
    public @Nullable String header(String name) {
        return request.headers().firstHeader(name);
    }

    /**
     * The media type that the caller likes best among these; the first of them where it is all the
     * same.
     */
    public MediaType preferred(List<MediaType> offered) {
        var accepted = new ArrayList<>(request.headers().accept());
        MimeTypeUtils.sortBySpecificity(accepted);
        accepted.sort(Comparator.comparingDouble(MediaType::getQualityValue).reversed());
        return accepted.stream()
                .flatMap(asked -> offered.stream().filter(asked::includes))
                .findFirst()
                .orElse(offered.getFirst());
    }

    /** The body's fields; fails with a {@link Refusal} where it is no JSON object. */
    public Mono<Fields> body() {
        return bodies.read(request);
    }
}
