package nod.collector.authentik;

import nod.collector.delivery.Answer;
import nod.collector.delivery.Attempt;
import nod.collector.delivery.Reply;
import nod.collector.delivery.Requests;
import nod.collector.delivery.Sender;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.publisher.Mono;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Posts events to authentik, which knows no id that would tell a repeated one from a new one: where
 * an earlier try may have told it, authentik is asked for it first. Thread-safe.
 */
final class EventsClient implements Sender {

    /** The status of an event that was stored. Any other is not authentik's word for that. */
    static final int CREATED = 201;

    private static final Logger log = LoggerFactory.getLogger(EventsClient.class);

    private static final String EVENTS = "/api/v3/events/events/";

    /** One is enough; more would show that authentik did not filter. */
    private static final String QUERY =
            "?context_model_app=%s&context_model_name=%s&context_model_pk=%s&page_size=2";

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int REQUEST_TIMEOUT = 408;

    /** A token that is refused is refused for every event: no use in asking with each. */
    private static final Duration TOKEN_PAUSE = Duration.ofSeconds(30);

    private final Requests requests;
    private final String events;
    private final Map<String, String> headers;

    EventsClient(URI url, ApiToken token, Requests requests) {
        this.requests = requests;
        this.events = url.toString().replaceAll("/+$", "") + EVENTS;
        this.headers = Map.of("authorization", token.header(), "accept", "application/json");
    }

    /** Whether the status is one of a token that is refused, or may not do that. */
    static boolean isOfToken(int status) {
        return status == UNAUTHORIZED || status == FORBIDDEN;
    }

    @Override
    public Mono<Answer> tell(Attempt attempt) {
        return attempt.doubtful() ? settled(attempt) : posted(attempt);
    }

    private Mono<Answer> settled(Attempt attempt) {
        return requests.get(query(attempt.txId()), headers, at(attempt))
                .flatMap(
                        reply ->
                                switch (reply) {
                                    case Reply.Answered good when good.isSuccess() ->
                                            settled(attempt, good);
                                    case Reply.Answered bad -> Mono.just(refused(bad, true));
                                    case Reply.Silent(var cause, _) ->
                                            Mono.just(new Answer.Nothing(cause, true));
                                });
    }

    private Mono<Answer> settled(Attempt attempt, Reply.Answered list) {
        return switch (Found.in(list.body(), attempt.txId())) {
            case YES -> Mono.just(new Answer.Told(list.status()));
            case NO -> posted(attempt);
            case UNCLEAR ->
                    Mono.just(new Answer.Nothing("expected authentik's list of events", true));
        };
    }

    private URI query(UUID txId) {
        var query =
                QUERY.formatted(
                        AuthentikEvent.APP,
                        AuthentikEvent.TRANSACTION,
                        AuthentikEvent.modelPk(txId));
        return URI.create(events + query);
    }

    private Mono<Answer> posted(Attempt attempt) {
        return requests.post(URI.create(events), headers, attempt.body(), at(attempt))
                .map(EventsClient::answer);
    }

    private static Answer answer(Reply reply) {
        return switch (reply) {
            case Reply.Answered(var status, _, _) when status == CREATED -> new Answer.Told(status);
            case Reply.Answered other -> refused(other, mayBeStored(other));
            case Reply.Silent(var cause, var sent) -> new Answer.Nothing(cause, sent);
        };
    }

    /** A redirect or an error of ours stored nothing. Of all else it is not known. */
    private static boolean mayBeStored(Reply.Answered answer) {
        var status = answer.status();
        return answer.isSuccess() || status >= 500 || status == REQUEST_TIMEOUT;
    }

    private static Answer refused(Reply.Answered answer, boolean doubt) {
        if (!isOfToken(answer.status())) {
            return new Answer.Refused(answer.status(), answer.retryAfter(), doubt);
        }
        log.warn(
                "authentik refuses the token ({}): is it still there, and may its role add and"
                        + " view events?",
                answer.status());
        var wanted = answer.retryAfter().orElse(TOKEN_PAUSE);
        return new Answer.Refused(answer.status(), Optional.of(wanted), doubt);
    }

    private static Instant at(Attempt attempt) {
        return Instant.ofEpochSecond(attempt.at());
    }

    @Override
    public void close() {
        requests.close();
    }
}
