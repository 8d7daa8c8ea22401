package nod.gateway.transaction;

import static org.springframework.web.reactive.function.BodyInserters.fromServerSentEvents;

import nod.gateway.GatewaySettings;
import nod.gateway.security.Access;
import nod.gateway.web.Api;
import nod.gateway.web.Call;
import nod.gateway.web.Refusal;
import nod.gateway.web.Resource;
import nod.gateway.web.Responses;
import nod.messaging.outbox.Outbox;

import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.reactive.function.server.ServerResponse;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Starts, shows, waits for and cancels transactions; gives a phone what it is asked. */
@Component
class TransactionApi implements Api {

    private static final int MAX_KEY = 255;
    private static final int MAX_WAIT_SECONDS = 60;

    private final GatewaySettings settings;
    private final Starts starts;
    private final Transactions transactions;
    private final OpenTransactions open;
    private final Withdrawals withdrawals;
    private final TransactionWatch watch;
    private final Outbox outbox;
    private final TransactionalOperator transaction;

    TransactionApi(
            GatewaySettings settings,
            Starts starts,
            Transactions transactions,
            OpenTransactions open,
            Withdrawals withdrawals,
            TransactionWatch watch,
            Outbox outbox,
            TransactionalOperator transaction) {
        this.settings = settings;
        this.starts = starts;
        this.transactions = transactions;
        this.open = open;
        this.withdrawals = withdrawals;
        this.watch = watch;
        this.outbox = outbox;
        this.transaction = transaction;
    }

    @Override
    public List<Resource> resources() {
        return List.of(
                new Resource(
                        "/authenticators/mobile/transactions/",
                        Access.DEPLOYMENT,
                        Map.of(HttpMethod.POST, this::start)),
                new Resource(
                        "/authenticators/mobile/transactions/{tx_id}/",
                        Access.DEPLOYMENT,
                        Map.of(HttpMethod.GET, this::retrieve, HttpMethod.DELETE, this::cancel)),
                new Resource(
                        "/authenticators/mobile/transactions/{tx_id}/events/",
                        Access.DEPLOYMENT,
                        List.of(MediaType.TEXT_EVENT_STREAM),
                        Map.of(HttpMethod.GET, this::events)),
                new Resource(
                        "/authenticators/mobile/{uuid}/transactions/",
                        Access.DEVICE,
                        Map.of(HttpMethod.GET, this::pull)));
    }

    private Mono<ServerResponse> start(Call call) {
        var key = idempotencyKey(call.header("Idempotency-Key"));
        return call.body()
                .map(body -> StartRequest.of(body, settings.transaction().allowedModes()))
                .flatMap(start -> starts.start(start, call.caller(), key))
                .flatMap(this::answer);
    }

    private Mono<ServerResponse> answer(Starts.Started started) {
        return switch (started) {
            case Starts.New(var begun) -> Responses.created(begun);
            case Starts.Known(var txId) -> transactions.find(txId).flatMap(Responses::ok);
        };
    }

    private static @Nullable String idempotencyKey(@Nullable String header) {
        if (header != null && (header.isBlank() || header.length() > MAX_KEY)) {
            throw Refusal.invalid("Idempotency-Key", "Expected 1 to " + MAX_KEY + " characters.");
        }
        return header;
    }

    private Mono<ServerResponse> retrieve(Call call) {
        var txId = call.id("tx_id");
        return watch.await(txId, waitTime(call.query("wait")))
                .switchIfEmpty(Mono.error(Refusal::notFound))
                .flatMap(Responses::ok);
    }

    private Mono<ServerResponse> events(Call call) {
        var txId = call.id("tx_id");
        return transactions
                .find(txId)
                .switchIfEmpty(Mono.error(Refusal::notFound))
                .map(found -> call.isHead() ? Flux.just(found) : watch.changes(txId))
                .flatMap(
                        changes ->
                                ServerResponse.ok()
                                        .contentType(MediaType.TEXT_EVENT_STREAM)
                                        .cacheControl(CacheControl.noStore())
                                        .body(fromServerSentEvents(TransactionStream.of(changes))));
    }

    private static Duration waitTime(@Nullable String text) {
        try {
            var seconds = text == null ? 0 : Integer.parseInt(text);
            if (seconds < 0 || seconds > MAX_WAIT_SECONDS) {
                throw Refusal.invalid(
                        "wait",
                        "Expected 0 to " + MAX_WAIT_SECONDS + " seconds, got " + seconds + ".");
            }
            return Duration.ofSeconds(seconds);
        } catch (NumberFormatException notANumber) {
            throw Refusal.invalid("wait", "A valid integer is required.");
        }
    }

    private Mono<ServerResponse> cancel(Call call) {
        var txId = call.id("tx_id");
        return transactions
                .find(txId)
                .switchIfEmpty(Mono.error(Refusal::notFound))
                .flatMap(
                        _ ->
                                withdrawals
                                        .cancel(txId, call.caller().actor())
                                        .flatMap(event -> outbox.appendTraced(List.of(event)))
                                        .as(transaction::transactional))
                .then(Responses.noContent());
    }

    private Mono<ServerResponse> pull(Call call) {
        return open.pull(call.phone().device()).collectList().flatMap(Responses::ok);
    }
}
