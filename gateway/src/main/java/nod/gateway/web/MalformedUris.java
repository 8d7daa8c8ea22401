package nod.gateway.web;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Answers requests whose path or query is no URI, such as {@code /%zz/}: they never reach the API,
 * and Spring would refuse them without a body.
 */
@Component
class MalformedUris implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final String BODY = "{\"detail\":\"Malformed URI.\"}";

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addRouteProviders(
                routes -> routes.route(MalformedUris::isMalformed, MalformedUris::refuse));
    }

    private static boolean isMalformed(HttpServerRequest request) {
        try {
            new URI(request.uri());
            return false;
        } catch (URISyntaxException malformed) {
            return true;
        }
    }

    private static Mono<Void> refuse(HttpServerRequest request, HttpServerResponse response) {
        return response.status(HttpStatus.BAD_REQUEST.value())
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE)
                .sendString(Mono.just(BODY))
                .then();
    }
}
