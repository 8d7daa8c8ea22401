package nod.collector.webhook;

import nod.collector.CollectorSettings.Webhook;
import nod.collector.delivery.Answer;
import nod.collector.delivery.Attempt;
import nod.collector.delivery.Reply;
import nod.collector.delivery.Requests;
import nod.collector.delivery.Sender;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Posts to one endpoint, and signs. Thread-safe. */
final class WebhookClient implements Sender {

    private static final int GONE = 410;

    private final Webhook webhook;
    private final Requests requests;

    WebhookClient(String name, Webhook webhook, NameLookup names, Scheduler blocking) {
        this.webhook = webhook;
        this.requests =
                new Requests(
                        "webhook-" + name,
                        webhook.maxInFlight(),
                        webhook.timeout(),
                        client -> careful(client, webhook, names, blocking));
    }

    private static HttpClient careful(
            HttpClient client, Webhook webhook, NameLookup names, Scheduler blocking) {
        return webhook.allowPrivateAddresses()
                ? client
                : client.resolver(new CheckedAddresses(names, blocking));
    }

    @Override
    public Mono<Answer> tell(Attempt attempt) {
        var at = Instant.ofEpochSecond(attempt.at());
        return requests.post(webhook.url(), headers(attempt), attempt.body(), at)
                .map(WebhookClient::answer);
    }

    private Map<String, String> headers(Attempt attempt) {
        return Map.of(
                "webhook-id", attempt.event().toString(),
                "webhook-timestamp", Long.toString(attempt.at()),
                "webhook-signature", signatures(attempt, webhook.secrets()));
    }

    /** The signatures of all keys over id, time and body, as the header has them. */
    static String signatures(Attempt attempt, List<SigningKey> keys) {
        var content = "%s.%d.%s".formatted(attempt.event(), attempt.at(), attempt.body());
        var bytes = content.getBytes(StandardCharsets.UTF_8);
        return keys.stream().map(key -> key.sign(bytes)).collect(Collectors.joining(" "));
    }

    private static Answer answer(Reply reply) {
        return switch (reply) {
            case Reply.Answered good when good.isSuccess() -> new Answer.Told(good.status());
            case Reply.Answered(var status, _, _) when status == GONE -> new Answer.Gone(status);
            case Reply.Answered(var status, var retryAfter, _) ->
                    new Answer.Refused(status, retryAfter, false);
            case Reply.Silent(var cause, var sent) -> new Answer.Nothing(cause, sent);
        };
    }

    @Override
    public void close() {
        requests.close();
    }
}
