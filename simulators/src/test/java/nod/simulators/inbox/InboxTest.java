package nod.simulators.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import nod.simulators.wire.Reaction;
import nod.simulators.wire.WireRequest;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

class InboxTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Reaction ACCEPTED = Reaction.Answer.json(200, "{}");

    private final Inbox inbox = inbox(new InboxLimits(3, 3, 6));

    @Test
    void keepsWhatCameInOrderAndWhen() {
        add("phone", "first");
        add("phone", "second");

        assertThat(inbox.received("phone"))
                .extracting(Received::text)
                .containsExactly("first", "second");
        assertThat(inbox.received("phone")).extracting(Received::received).containsOnly(NOW);
        assertThat(inbox.received("phone")).extracting(Received::sequence).containsExactly(1L, 2L);
    }

    @Test
    void showsWhatCameAfterASequenceNumber() {
        add("phone", "first");
        add("other", "between");
        add("phone", "second");

        assertThat(inbox.received("phone", 1)).extracting(Received::text).containsExactly("second");
    }

    @Test
    void dropsTheOldestOfAKeyThatHasTooMany() {
        for (String body : List.of("1", "2", "3", "4")) {
            add("phone", body);
        }

        assertThat(inbox.received("phone"))
                .extracting(Received::text)
                .containsExactly("2", "3", "4");
    }

    @Test
    void dropsTheKeySilentLongestWhenThereAreTooMany() {
        for (String key : List.of("a", "b", "c", "a", "d")) {
            add(key, "x");
        }

        assertThat(inbox.keys()).containsExactly("c", "a", "d");
    }

    @Test
    void dropsFromTheKeySilentLongestWhenThereIsTooMuchInAll() {
        Inbox small = inbox(new InboxLimits(3, 3, 4));
        for (String key : List.of("a", "a", "b", "b", "b")) {
            small.add(key, request("x", "secret"), ACCEPTED);
        }

        assertThat(small.received("a")).hasSize(1);
        assertThat(small.received("b")).hasSize(3);
    }

    @Test
    void tellsThoseWhoWait() {
        CompletableFuture<List<Received>> next = inbox.next("phone", 0);
        assertThat(next).isNotDone();

        add("other", "not this");
        assertThat(next).isNotDone();
        add("phone", "this");

        assertThat(next.join()).extracting(Received::text).containsExactly("this");
    }

    @Test
    void doesNotMakeThoseWaitWhoMissedSomething() {
        add("phone", "early");

        assertThat(inbox.next("phone", 0).join())
                .extracting(Received::text)
                .containsExactly("early");
    }

    @Test
    void givesUpWaitingWhenTheTimeIsUp() throws InterruptedException {
        assertThat(inbox.await("phone", 0, Duration.ofMillis(20))).isEmpty();
    }

    @Test
    void forgetsOneKeyOrAll() {
        add("a", "1");
        add("b", "2");
        add("c", "3");

        inbox.clear("a");
        assertThat(inbox.keys()).containsExactly("b", "c");

        inbox.clear();
        assertThat(inbox.keys()).isEmpty();
    }

    @Test
    void keepsOnlyTheSchemeOfACredential() {
        inbox.add("phone", request("x", "Bearer secret"), ACCEPTED);
        inbox.add("phone", request("x", "secret"), ACCEPTED);

        assertThat(inbox.received("phone"))
                .extracting(one -> one.request().headers().get("authorization"))
                .containsExactly("Bearer [REDACTED]", "[REDACTED]");
    }

    @Test
    void callsADelayedAnswerWhatItWillBe() {
        inbox.add("phone", request("x", "-"), new Reaction.Delayed(Duration.ofDays(1), ACCEPTED));
        inbox.add("phone", request("x", "-"), new Reaction.Closed());

        assertThat(inbox.received("phone"))
                .extracting(Received::accepted)
                .containsExactly(true, false);
    }

    @Test
    void refusesALimitThatIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InboxLimits(0, 1, 1))
                .withMessage("inbox limit perKey: 0, expected 1 or more");
    }

    private void add(String key, String body) {
        inbox.add(key, request(body, "Bearer secret"), ACCEPTED);
    }

    private static Inbox inbox(InboxLimits limits) {
        return new Inbox(limits, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static WireRequest request(String body, String authorization) {
        return new WireRequest(
                "HTTP/2.0",
                "POST",
                "/",
                Map.of("authorization", authorization),
                body.getBytes(StandardCharsets.UTF_8));
    }
}
