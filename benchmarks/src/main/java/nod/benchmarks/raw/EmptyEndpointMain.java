package nod.benchmarks.raw;

import static org.springframework.web.reactive.function.server.RequestPredicates.GET;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;
import static org.springframework.web.reactive.function.server.RouterFunctions.toHttpHandler;

import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.ServerResponse;

import reactor.netty.http.server.HttpServer;

/**
 * A WebFlux endpoint that does nothing, as its own program.
 *
 * <p>Arguments: its port.
 */
public final class EmptyEndpointMain {

    /** What it serves. */
    static final String PATH = "/empty";

    private EmptyEndpointMain() {}

    /** Runs until the process is ended. */
    public static void main(String[] arguments) {
        var nothing = route(GET(PATH), _ -> ServerResponse.noContent().build());
        HttpServer.create()
                .host("127.0.0.1")
                .port(Integer.parseInt(arguments[0]))
                .handle(new ReactorHttpHandlerAdapter(toHttpHandler(nothing)))
                .bindNow()
                .onDispose()
                .block();
    }
}
