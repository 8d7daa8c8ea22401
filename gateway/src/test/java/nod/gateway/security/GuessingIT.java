package nod.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.RunningGateway;
import nod.gateway.RunningGateway.Begun;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Those who try many, or many at once: two gateways on one database. */
class GuessingIT {

    private static final String PATH = "/authenticators/mobile/";
    private static final int TRIES = 200;

    private static RunningGateway gateway;
    private static RunningGateway other;

    @BeforeAll
    static void start() {
        var servers = new TestServers();
        gateway = RunningGateway.start(servers);
        other = RunningGateway.start(servers);
    }

    @AfterAll
    static void stop() {
        // Together: whichever is closed takes the connections of the other with it.
        other.close();
        gateway.close();
    }

    @Test
    void aPhoneAnswersNoLoginWhoseIdItGuesses() {
        var victim = gateway.enrol("victim");
        var attacker = gateway.enrol("attacker");
        var asked = startLogin("victim");

        var answers =
                Stream.concat(
                                Stream.generate(UUID::randomUUID).limit(TRIES),
                                // One digit beside it, and the very one.
                                Stream.of(beside(asked), asked))
                        .flatMap(
                                txId ->
                                        Stream.of("accept", "report")
                                                .map(item -> attacker.answer(txId, item)))
                        .toList();

        assertThat(answers).containsOnly(404);
        assertThat(victim.answer(asked, "accept")).isEqualTo(204);
    }

    private static UUID beside(UUID id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() ^ 1);
    }

    @Test
    void nobodyCallsWithATokenThatIsGuessed() {
        var victim = gateway.enrol("guessed");
        var tokens = new Tokens();

        var answers =
                Stream.concat(
                                Stream.generate(tokens::next).limit(TRIES),
                                Stream.of(
                                        victim.token().substring(1),
                                        victim.token().toLowerCase(Locale.ROOT),
                                        victim.token() + "A",
                                        "A" + victim.token().substring(1)))
                        .filter(token -> !token.equals(victim.token()))
                        .map(
                                token ->
                                        gateway.client(token)
                                                .get()
                                                .uri(PATH + victim.device() + "/transactions/")
                                                .exchange()
                                                .returnResult(Void.class)
                                                .getStatus()
                                                .value())
                        .toList();

        assertThat(answers).containsOnly(403);
    }

    @Test
    void ofManyPhonesThatScanOneCodeAtOnceOneIsEnrolled() throws Exception {
        var begun = gateway.begin("photographed");

        var answers = atOnce(20, number -> callback(begun, number));

        assertThat(answers).filteredOn(status -> status == 200).hasSize(1);
        assertThat(answers).filteredOn(status -> status != 200).containsOnly(403);
    }

    private static int callback(Begun begun, int number) {
        return at(number)
                .callback(begun, "phone-" + number)
                .returnResult(Void.class)
                .getStatus()
                .value();
    }

    @Test
    void ofManyEnrolmentsAtOnceNoMoreBeginThanAUserMayHave() throws Exception {
        var answers = atOnce(40, GuessingIT::beginEnrolment);

        assertThat(answers).filteredOn(status -> status == 201).hasSize(20);
        assertThat(answers).filteredOn(status -> status != 201).containsOnly(400);
    }

    private static int beginEnrolment(int number) {
        return at(number)
                .deployment()
                .post()
                .uri(PATH)
                .bodyValue(Map.of("user", "collector"))
                .exchange()
                .returnResult(Void.class)
                .getStatus()
                .value();
    }

    private static RunningGateway at(int number) {
        return number % 2 == 0 ? gateway : other;
    }

    private interface Try {
        int status(int number);
    }

    /** So many tries that begin at the same moment, each with its number; their statuses. */
    private static List<Integer> atOnce(int tries, Try one)
            throws InterruptedException, ExecutionException {
        var start = new CyclicBarrier(tries);
        var numbers = new AtomicInteger();
        Callable<Integer> trying =
                () -> {
                    var number = numbers.getAndIncrement();
                    start.await();
                    return one.status(number);
                };
        try (var threads = Executors.newFixedThreadPool(tries)) {
            var statuses = new ArrayList<Integer>();
            for (var status : threads.invokeAll(Collections.nCopies(tries, trying))) {
                statuses.add(status.get());
            }
            return statuses;
        }
    }

    private static UUID startLogin(String user) {
        var body =
                RunningGateway.body(
                        gateway.deployment()
                                .post()
                                .uri(PATH + "transactions/")
                                .bodyValue(
                                        Map.of("user", user, "item_matching_mode", "accept_deny"))
                                .exchange()
                                .expectStatus()
                                .isCreated());
        return UUID.fromString(body.path("tx_id").asString());
    }
}
