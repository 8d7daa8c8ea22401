package nod.gateway.web;

import static org.springframework.web.reactive.function.server.RequestPredicates.all;

import nod.gateway.security.Caller;
import nod.gateway.security.Credentials;
import nod.messaging.event.Traceparent;
import nod.messaging.trace.Detail;
import nod.messaging.trace.Span;
import nod.messaging.trace.Tracing;

import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

import reactor.core.publisher.Mono;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds the operation of a request. The order of the checks is the contract's: path, Accept,
 * credentials (and, where they are bad, the throttle), method; then the operation looks at its
 * object and the body.
 */
@Configuration(proxyBeanMethods = false)
class ApiRouter {

    static final String BASE = "/api/v3";

    private record Route(PathPattern pattern, Resource resource) {}

    private final List<Route> routes;
    private final Credentials credentials;
    private final JsonBodies bodies;
    private final Refusals refusals;
    private final Tracing tracing;

    ApiRouter(
            List<Api> apis,
            Credentials credentials,
            JsonBodies bodies,
            Refusals refusals,
            Tracing tracing) {
        this.routes =
                apis.stream()
                        .flatMap(api -> api.resources().stream())
                        .collect(Collectors.toMap(Resource::path, own -> own, Resource::with))
                        .values()
                        .stream()
                        .map(ApiRouter::route)
                        .sorted(Comparator.comparing(Route::pattern))
                        .toList();
        this.credentials = credentials;
        this.bodies = bodies;
        this.refusals = refusals;
        this.tracing = tracing;
    }

    private static Route route(Resource resource) {
        var pattern = PathPatternParser.defaultInstance.parse(BASE + resource.path());
        return new Route(pattern, resource);
    }

    @Bean
    RouterFunction<ServerResponse> api() {
        return RouterFunctions.route(all(), this::answer);
    }

    private Mono<ServerResponse> answer(ServerRequest request) {
        var header = request.headers().firstHeader(Traceparent.HEADER);
        var span = tracing.arrival("HTTP", header);
        var answer =
                Mono.defer(() -> dispatch(request, span))
                        .onErrorResume(failure -> refusals.answer(request, failure))
                        .doOnNext(done -> span.with(Detail.STATUS, done.statusCode().value()));
        return span.during(answer).contextWrite(span.trace().asContext());
    }

    private Mono<ServerResponse> dispatch(ServerRequest request, Span span) {
        var path = request.requestPath().pathWithinApplication();
        for (var route : routes) {
            var match = route.pattern.matchAndExtract(path);
            if (match != null) {
                request.attributes()
                        .put(
                                RouterFunctions.URI_TEMPLATE_VARIABLES_ATTRIBUTE,
                                match.getUriVariables());
                name(request, route, span);
                return answer(request, route.resource, match.getUriVariables().get("uuid"));
            }
        }
        throw Refusal.notFound();
    }

    /** Names are the table's: a caller can't make up more of them. */
    private static void name(ServerRequest request, Route route, Span span) {
        var path = route.pattern.getPatternString();
        ServerRequestObservationContext.findCurrent(request.attributes())
                .ifPresent(observation -> observation.setPathPattern(path));
        span.with(Detail.ROUTE, path);
        if (route.resource.operations().containsKey(request.method())) {
            var method = request.method().name();
            span.with(Detail.METHOD, method).rename(method + " " + path);
        }
    }

    private Mono<ServerResponse> answer(
            ServerRequest request, Resource resource, @Nullable String device) {
        if (!satisfies(request.headers(), resource)) {
            throw Refusal.of(
                    HttpStatus.NOT_ACCEPTABLE, "Could not satisfy the request Accept header.");
        }
        return credentials
                .authenticate(Call.presented(request), resource.access(), device)
                .flatMap(caller -> operate(request, resource, caller));
    }

    /** What can't be read as media types asks for none that there is. */
    private static boolean satisfies(ServerRequest.Headers headers, Resource resource) {
        try {
            return resource.satisfies(headers.accept());
        } catch (InvalidMediaTypeException malformed) {
            return false;
        }
    }

    private Mono<ServerResponse> operate(ServerRequest request, Resource resource, Caller caller) {
        var method = request.method() == HttpMethod.HEAD ? HttpMethod.GET : request.method();
        var operation = resource.operations().get(method);
        return operation == null
                ? methodNotAllowed(request, resource)
                : operation.handle(new Call(request, caller, bodies));
    }

    private static Mono<ServerResponse> methodNotAllowed(ServerRequest request, Resource resource) {
        var allowed =
                resource.operations().keySet().stream()
                        .map(HttpMethod::name)
                        .sorted()
                        .collect(Collectors.joining(", "));
        return ServerResponse.status(HttpStatus.METHOD_NOT_ALLOWED)
                .header("Allow", allowed)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(
                        Map.of(
                                "detail",
                                "Method \"" + request.method().name() + "\" not allowed."));
    }
}
