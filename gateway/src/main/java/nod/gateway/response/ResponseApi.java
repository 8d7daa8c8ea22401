package nod.gateway.response;

import nod.gateway.security.Access;
import nod.gateway.web.Api;
import nod.gateway.web.Call;
import nod.gateway.web.Refusal;
import nod.gateway.web.Resource;

import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;

import reactor.core.publisher.Mono;

import java.util.List;
import java.util.Map;

/** Takes what a phone answered to a push. */
@Component
class ResponseApi implements Api {

    /** The contract sets no bound; no item that is ever offered is longer. */
    private static final int MAX_ITEM = 255;

    private final Answers answers;

    ResponseApi(Answers answers) {
        this.answers = answers;
    }

    @Override
    public List<Resource> resources() {
        return List.of(
                new Resource(
                        "/authenticators/mobile/{uuid}/receive_response/",
                        Access.DEVICE,
                        Map.of(HttpMethod.POST, this::receive)));
    }

    private Mono<ServerResponse> receive(Call call) {
        return call.body()
                .flatMap(
                        body -> {
                            var txId = body.uuid("tx_id");
                            var item = body.text("selected_item", MAX_ITEM);
                            body.check();
                            return answers.take(call.phone(), txId, item);
                        })
                .flatMap(
                        counted ->
                                counted
                                        ? nod.gateway.web.Responses.noContent()
                                        : Mono.error(Refusal.notFound()));
    }
}
