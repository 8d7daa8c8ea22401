package nod.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

class FailureCountsTest {

    private static final int LIMIT = 60;
    private static final ClientNetwork CLIENT = client("192.0.2.1");

    private final AtomicLong nanos = new AtomicLong(-Duration.ofSeconds(90).toNanos());
    private final FailureCounts<ClientNetwork> counts =
            new FailureCounts<>(LIMIT, 1_000, nanos::get);

    private static ClientNetwork client(String address) {
        return ClientNetwork.of(InetAddress.ofLiteral(address));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** How many of so many failures the client may have. */
    private static int allowed(
            FailureCounts<ClientNetwork> counts, ClientNetwork client, int failures) {
        return (int)
                IntStream.range(0, failures).filter(_ -> counts.count(client).isEmpty()).count();
    }

    @Test
    void allowsSoManyAndSaysHowLongToWait() {
        assertThat(allowed(counts, CLIENT, LIMIT)).isEqualTo(LIMIT);
        assertThat(counts.count(CLIENT)).contains(FailureCounts.WINDOW);

        pass(Duration.ofSeconds(59));

        assertThat(counts.count(CLIENT)).contains(Duration.ofSeconds(1));
    }

    @Test
    void allowsThemAgainWhenTheWindowIsOver() {
        allowed(counts, CLIENT, 2 * LIMIT);

        pass(FailureCounts.WINDOW);

        assertThat(allowed(counts, CLIENT, 2 * LIMIT)).isEqualTo(LIMIT);
    }

    @Test
    void beginsTheWindowWithTheFirstFailure() {
        pass(Duration.ofSeconds(30));
        allowed(counts, CLIENT, 1);
        pass(Duration.ofSeconds(45));

        assertThat(allowed(counts, CLIENT, LIMIT)).isEqualTo(LIMIT - 1);
        assertThat(counts.count(CLIENT)).contains(Duration.ofSeconds(15));
    }

    @Test
    void savesNothingUpInSilence() {
        allowed(counts, CLIENT, LIMIT);

        pass(Duration.ofHours(1));

        assertThat(allowed(counts, CLIENT, 3 * LIMIT)).isEqualTo(LIMIT);
    }

    @Test
    void forgetsNobodyWhoGoesOnFailing() {
        int allowed = 0;
        for (int second = 0; second < 600; second++) {
            allowed += allowed(counts, CLIENT, 10);
            pass(Duration.ofSeconds(1));
        }
        assertThat(allowed).as("in ten minutes").isEqualTo(10 * LIMIT);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "2001:db8:0:1::1, 2001:db8:0:1:ffff:ffff:ffff:ffff, true",
        "2001:db8:0:1::1, 2001:db8:0:2::1, false",
        "0.0.0.1, ::1, false",
        "0.0.0.0, ::, false"
    })
    void countsByAddressAndInIpv6ByItsFirst64Bits(String one, String other, boolean together) {
        allowed(counts, client(one), LIMIT);

        assertThat(counts.count(client(other)).isPresent()).isEqualTo(together);
    }

    @Test
    void countsThoseTogetherOfWhomNothingIsKnown() {
        IntStream.range(0, LIMIT).forEach(_ -> counts.count(null));

        assertThat(counts.count(null)).isPresent();
        assertThat(counts.count(CLIENT)).isEmpty();
    }

    @Test
    void givesNobodyMoreForComingFromEverNewNetworks() {
        allowed(counts, CLIENT, LIMIT);

        long sum =
                IntStream.range(0, 100_000)
                        .mapToObj(network -> new ClientNetwork(false, network))
                        .filter(client -> counts.count(client).isEmpty())
                        .count();

        assertThat(sum).as("one for each that has a count, and the shared one").isEqualTo(1_059);
        assertThat(counts.subjects()).isEqualTo(1_000);
        assertThat(counts.count(CLIENT)).as("was not pushed out").isPresent();
    }

    @Test
    void takesNewOnesWhenOthersHaveBeenSilent() {
        IntStream.range(0, 2_000).forEach(bits -> counts.count(new ClientNetwork(false, bits)));
        assertThat(counts.count(CLIENT)).as("shares a count that is used up").isPresent();

        pass(FailureCounts.WINDOW);

        assertThat(allowed(counts, CLIENT, 2 * LIMIT)).isEqualTo(LIMIT);
        assertThat(counts.subjects()).isEqualTo(1);
    }

    /**
     * All begin together with a client that nobody knows yet, over and over, and let each other in
     * wherever one looks at the clock: that is, between missing a count and making it.
     */
    @Test
    void allowsNoMoreToThoseWhoFailAtTheSameMoment() throws Exception {
        int threads = 8;
        var yielding =
                new FailureCounts<ClientNetwork>(LIMIT, 1_000, FailureCountsTest::yieldingTime);
        var start = new CyclicBarrier(threads);
        try (var pool = Executors.newFixedThreadPool(threads)) {
            for (int round = 0; round < 200; round++) {
                var client = new ClientNetwork(true, round);
                Callable<Integer> failing =
                        () -> {
                            start.await();
                            return allowed(yielding, client, LIMIT / 2);
                        };
                int sum = 0;
                for (var allowed : pool.invokeAll(Collections.nCopies(threads, failing))) {
                    sum += allowed.get();
                }
                assertThat(sum).isEqualTo(LIMIT);
            }
        }
    }

    private static long yieldingTime() {
        Thread.yield();
        return 0;
    }
}
