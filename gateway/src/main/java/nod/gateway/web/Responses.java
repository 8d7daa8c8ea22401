package nod.gateway.web;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerResponse;

import reactor.core.publisher.Mono;

/** The API's ordinary answers. */
public final class Responses {

    private Responses() {}

    /** 200 with a JSON body. */
    public static Mono<ServerResponse> ok(Object body) {
        return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(body);
    }

    /** 201 with a JSON body. */
    public static Mono<ServerResponse> created(Object body) {
        return ServerResponse.status(HttpStatus.CREATED)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body);
    }

    /** 204. */
    public static Mono<ServerResponse> noContent() {
        return ServerResponse.noContent().build();
    }
}
