package nod.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.RunningGateway;
import nod.messaging.testing.Apart;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Requests made from a seed, good ones and spoilt ones, to every operation of the document: none is
 * answered by a 5xx, none with a body outside the contract, and each that is served was a valid
 * one; the checked client throws otherwise.
 *
 * <p>The seed is printed. {@code -Dnod.test.seed=N} repeats a run, but for the ids that the gateway
 * gives.
 */
@Apart
class RandomRequestsIT {

    private static final int REQUESTS = 480;
    private static final int SERVED = 100;
    private static final int REFUSED = 200;

    /** A bound on the search for so many of both kinds. */
    private static final int MOST = 5 * REQUESTS;

    /** So many operations at a time: more would only wait for the two cores of a small machine. */
    private static final int AT_A_TIME = 3;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        // Hundreds of logins for one user, most of which nobody answers.
        gateway =
                RunningGateway.start(TestServers.apart(), Map.of("nod.gateway.pause.first", "0s"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void areAnsweredWithinTheContract() throws Exception {
        long seed = Long.getLong("nod.test.seed", System.nanoTime());
        System.out.println("Random requests with -Dnod.test.seed=" + seed);
        var answers = new TreeMap<String, SortedMap<Integer, Integer>>();
        try (var client = CheckedHttpClient.of(gateway.url());
                var threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            Map<String, Future<SortedMap<Integer, Integer>>> running = new TreeMap<>();
            for (var operation : ContractDocument.served().operations()) {
                var random = new Random(seed ^ operation.id().hashCode());
                running.put(
                        operation.id(),
                        threads.submit(() -> drive(operation, new RandomValues(random), client)));
            }
            for (var one : running.entrySet()) {
                answers.put(one.getKey(), result(one, seed));
            }
        }
        answers.forEach((id, statuses) -> System.out.println(id + " " + statuses));

        assertThat(answers.values().stream().mapToInt(RandomRequestsIT::all).sum())
                .isGreaterThanOrEqualTo(10_000);
        assertThat(answers)
                .allSatisfy(
                        (id, statuses) -> {
                            assertThat(count(statuses, 2)).isGreaterThanOrEqualTo(SERVED);
                            assertThat(count(statuses, 4)).isGreaterThanOrEqualTo(REFUSED);
                            assertThat(count(statuses, 2) + count(statuses, 4))
                                    .isEqualTo(all(statuses));
                        });
    }

    private static SortedMap<Integer, Integer> result(
            Map.Entry<String, Future<SortedMap<Integer, Integer>>> one, long seed)
            throws InterruptedException {
        try {
            return one.getValue().get();
        } catch (ExecutionException failure) {
            throw new AssertionError(
                    one.getKey() + " failed with -Dnod.test.seed=" + seed, failure.getCause());
        }
    }

    private static SortedMap<Integer, Integer> drive(
            Documented operation, RandomValues values, HttpClient client)
            throws IOException, InterruptedException {
        var good = new GoodRequests(gateway, values, "random-" + operation.id());
        var tokens = good.tokens();
        var statuses = new TreeMap<Integer, Integer>();
        while (!isEnough(statuses) && all(statuses) < MOST) {
            // What is short gets more.
            var spoil =
                    count(statuses, 2) >= SERVED && count(statuses, 4) < REFUSED
                            ? 1.0
                            : count(statuses, 2) < SERVED && count(statuses, 4) >= REFUSED
                                    ? 0.1
                                    : 0.6;
            var request = request(operation, values, good, tokens, spoil);
            var response = client.send(request.toHttp(gateway.url()), BodyHandlers.ofString());
            statuses.merge(response.statusCode(), 1, Integer::sum);
        }
        return statuses;
    }

    private static RandomRequest request(
            Documented operation,
            RandomValues values,
            GoodRequests good,
            List<String> tokens,
            double spoil) {
        var request = new RandomRequest(operation, values, good.next(operation.id()));
        while (values.chance(spoil)) {
            request.spoil(tokens);
            if (values.chance(0.5)) {
                break;
            }
        }
        return request;
    }

    private static boolean isEnough(SortedMap<Integer, Integer> statuses) {
        return all(statuses) >= REQUESTS
                && count(statuses, 2) >= SERVED
                && count(statuses, 4) >= REFUSED;
    }

    private static int all(SortedMap<Integer, Integer> statuses) {
        return statuses.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many answers were of that hundred. */
    private static int count(SortedMap<Integer, Integer> statuses, int hundred) {
        return statuses.entrySet().stream()
                .filter(status -> status.getKey() / 100 == hundred)
                .mapToInt(Map.Entry::getValue)
                .sum();
    }
}
