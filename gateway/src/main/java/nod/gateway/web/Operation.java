package nod.gateway.web;

import org.springframework.web.reactive.function.server.ServerResponse;

import reactor.core.publisher.Mono;

/** What one method of a resource does. The caller is known and may call it. */
@FunctionalInterface
public interface Operation {

    /** Answers the call; fails with {@link Refusal} where it is refused. */
    Mono<ServerResponse> handle(Call call);
}
