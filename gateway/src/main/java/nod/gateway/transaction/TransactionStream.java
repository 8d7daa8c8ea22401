package nod.gateway.transaction;

import org.springframework.http.codec.ServerSentEvent;

import reactor.core.publisher.Flux;

import java.time.Duration;

/** The changes of a transaction as server-sent events. */
final class TransactionStream {

    /** The contract's: proxies close connections on which nothing comes for long. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private static final String NAME = "transaction";

    private TransactionStream() {}

    /** An event each, and comments in between; ends with the changes. */
    static Flux<ServerSentEvent<MobileTransaction>> of(Flux<MobileTransaction> changes) {
        return changes.map(TransactionStream::event)
                .publish(
                        events ->
                                Flux.merge(
                                        events,
                                        comments().takeUntilOther(events.ignoreElements())));
    }

    private static ServerSentEvent<MobileTransaction> event(MobileTransaction transaction) {
        return ServerSentEvent.builder(transaction).event(NAME).build();
    }

    private static Flux<ServerSentEvent<MobileTransaction>> comments() {
        return Flux.interval(KEEP_ALIVE)
                .onBackpressureDrop()
                .map(
                        _ ->
                                ServerSentEvent.<MobileTransaction>builder()
                                        .comment("keep-alive")
                                        .build());
    }
}
