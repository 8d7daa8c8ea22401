package nod.gateway.contract;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpRequestDecorator;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Spring's clients, every exchange held against the contract. */
public final class CheckedWebClient implements ExchangeFilterFunction {

    private final Contract contract;

    private CheckedWebClient(Contract contract) {
        this.contract = contract;
    }

    /** A client of the gateway at that URL, which the paths of its requests are appended to. */
    public static WebTestClient.Builder of(String gateway) {
        return of(new Contract(), gateway);
    }

    static WebTestClient.Builder of(Contract contract, String gateway) {
        return WebTestClient.bindToServer().baseUrl(gateway).filter(new CheckedWebClient(contract));
    }

    @Override
    public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
        var sent = new Sent(request);
        return next.exchange(sent.recording()).flatMap(response -> checked(sent, response));
    }

    private Mono<ClientResponse> checked(Sent sent, ClientResponse response) {
        return Exchange.isStream(sent.request.method().name(), response.headers().asHttpHeaders())
                ? Mono.fromCallable(() -> check(sent.exchange(response, null), response))
                : DataBufferUtils.join(response.bodyToFlux(DataBuffer.class))
                        .map(CheckedWebClient::bytes)
                        .defaultIfEmpty(new byte[0])
                        .map(body -> check(sent.exchange(response, body), again(response, body)));
    }

    private ClientResponse check(Exchange exchange, ClientResponse response) {
        contract.check(exchange)
                .ifPresent(
                        violation -> {
                            throw violation;
                        });
        return response;
    }

    /** The response with the body that was read to check it. */
    private static ClientResponse again(ClientResponse response, byte[] body) {
        Flux<DataBuffer> buffers =
                body.length == 0
                        ? Flux.empty()
                        : Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body));
        return response.mutate().body(_ -> buffers).build();
    }

    private static byte[] bytes(DataBuffer buffer) {
        try {
            var bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            return bytes;
        } finally {
            DataBufferUtils.release(buffer);
        }
    }

    /** A request and what was written of it. */
    private static final class Sent {

        private final ClientRequest request;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private HttpHeaders headers = new HttpHeaders();

        Sent(ClientRequest request) {
            this.request = request;
        }

        ClientRequest recording() {
            return ClientRequest.from(request)
                    .body(
                            (output, context) ->
                                    request.body().insert(new Recording(output), context))
                    .build();
        }

        Exchange exchange(ClientResponse response, byte @Nullable [] got) {
            return new Exchange(
                    request.method().name(),
                    request.url(),
                    headers,
                    body.toByteArray(),
                    response.statusCode().value(),
                    response.headers().asHttpHeaders(),
                    got);
        }

        private final class Recording extends ClientHttpRequestDecorator {

            Recording(ClientHttpRequest output) {
                super(output);
                headers = output.getHeaders();
            }

            @Override
            public Mono<Void> writeWith(Publisher<? extends DataBuffer> buffers) {
                return super.writeWith(Flux.from(buffers).doOnNext(this::record));
            }

            @Override
            public Mono<Void> writeAndFlushWith(
                    Publisher<? extends Publisher<? extends DataBuffer>> parts) {
                return super.writeAndFlushWith(
                        Flux.from(parts).map(part -> Flux.from(part).doOnNext(this::record)));
            }

            private void record(DataBuffer buffer) {
                var copy = ByteBuffer.allocate(buffer.readableByteCount());
                buffer.toByteBuffer(copy);
                body.writeBytes(copy.array());
            }
        }
    }
}
