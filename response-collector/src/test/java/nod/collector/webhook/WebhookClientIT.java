package nod.collector.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import nod.collector.CollectorSettings.Webhook;
import nod.collector.delivery.Answer;
import nod.collector.delivery.Attempt;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import reactor.core.scheduler.Schedulers;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** Where a try goes, and where it does not. */
class WebhookClientIT {

    private static final String PUBLIC = "192.31.196.1";

    private final Receiver receiver = new Receiver();
    private final List<String> lookedUp = new ArrayList<>();

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void asksNoNameThatLeadsToAPrivateAddress() {
        var answer = post("http://hook.example:" + receiver.port() + "/", host -> all("10.0.0.1"));

        assertThat(answer).isInstanceOfSatisfying(Answer.Nothing.class, this::namesTheAddress);
    }

    private void namesTheAddress(Answer.Nothing nothing) {
        assertThat(nothing.cause()).contains("10.0.0.1 is no public address");
    }

    @Test
    void asksNoNameThatLeadsToAPublicAndAPrivateAddress() {
        var answer =
                post(
                        "http://hook.example:" + receiver.port() + "/",
                        host -> all(PUBLIC, "127.0.0.1"));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Nothing.class,
                        nothing -> assertThat(nothing.cause()).contains("127.0.0.1 is no public"));
        assertThat(receiver.wasAsked("")).isFalse();
    }

    @Test
    void asksNoAddressOfTheUrlThatIsPrivate() {
        for (var host : List.of("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "127.1", "0")) {
            var answer = post("http://" + host + ":" + receiver.port() + "/", this::system);

            assertThat(answer).as(host).isInstanceOf(Answer.Nothing.class);
        }
        assertThat(receiver.wasAsked("")).isFalse();
    }

    /** The name is asked once: what it says a moment later is not looked at. */
    @Test
    void goesToTheAddressThatWasChecked() {
        Iterator<String> rebinding = List.of(PUBLIC, "127.0.0.1").iterator();

        var answer =
                post(
                        "http://hook.example:" + receiver.port() + "/",
                        host -> {
                            lookedUp.add(host);
                            return all(rebinding.next());
                        });

        assertThat(answer).isInstanceOf(Answer.Nothing.class);
        assertThat(lookedUp).containsExactly("hook.example");
        assertThat(receiver.wasAsked("")).isFalse();
    }

    private List<InetAddress> system(String host) throws UnknownHostException {
        return List.of(InetAddress.getAllByName(host));
    }

    private static List<InetAddress> all(String... literals) {
        return List.of(literals).stream().map(InetAddress::ofLiteral).toList();
    }

    private static Answer post(String url, NameLookup names) {
        var webhook =
                new Webhook(
                        URI.create(url),
                        List.of(new SigningKey(WebhookFixture.SECRET)),
                        Set.of(),
                        Set.of(),
                        Duration.ofSeconds(1),
                        Duration.ofDays(3),
                        1,
                        false);
        var client = new WebhookClient("test", webhook, names, Schedulers.boundedElastic());
        try {
            var id = UUID.randomUUID();
            var attempt = new Attempt(id, id, id, "{}", 1, 0, false);
            return Objects.requireNonNull(client.tell(attempt).block(Duration.ofSeconds(10)));
        } finally {
            client.close();
        }
    }
}
