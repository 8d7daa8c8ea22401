package nod.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.connection.ConnectionCounts.Verdict;
import nod.gateway.throttle.ClientNetwork;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class ConnectionCountsTest {

    private static final ClientNetwork ONE = network("192.0.2.1");
    private static final ClientNetwork OTHER = network("192.0.2.2");

    private final ConnectionCounts counts = new ConnectionCounts(5, 3);

    private static ClientNetwork network(String address) {
        return ClientNetwork.of(InetAddress.ofLiteral(address));
    }

    private Verdict open(int times, ClientNetwork address) {
        var last = Verdict.ADMITTED;
        for (int i = 0; i < times; i++) {
            last = counts.open(address);
        }
        return last;
    }

    @Test
    void admitsAnAddressUpToItsBound() {
        assertThat(open(3, ONE)).isEqualTo(Verdict.ADMITTED);
        assertThat(open(1, ONE)).isEqualTo(Verdict.TOO_MANY_OF_THE_ADDRESS);
        assertThat(open(1, OTHER)).isEqualTo(Verdict.ADMITTED);
        assertThat(counts.all()).isEqualTo(4);
    }

    @Test
    void admitsAllUpToTheirBound() {
        open(3, ONE);

        assertThat(open(2, OTHER)).isEqualTo(Verdict.ADMITTED);
        assertThat(open(1, OTHER)).isEqualTo(Verdict.TOO_MANY);
        assertThat(counts.open(null)).isEqualTo(Verdict.TOO_MANY);
    }

    @Test
    void boundsNoAddressThatIsNone() {
        for (int i = 0; i < 5; i++) {
            assertThat(counts.open(null)).isEqualTo(Verdict.ADMITTED);
        }
    }

    @Test
    void forgetsWhatIsClosed() {
        open(3, ONE);
        open(5, ONE);
        for (int i = 0; i < 3; i++) {
            counts.close(ONE);
        }

        assertThat(counts.all()).isZero();
        assertThat(counts.addresses()).isZero();
        assertThat(open(3, ONE)).isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void holdsItsBoundsWhenManyComeAtOnce() throws Exception {
        int threads = 32;
        var start = new CyclicBarrier(threads);
        Callable<Verdict> opening =
                () -> {
                    start.await();
                    return counts.open(ONE);
                };
        try (var pool = Executors.newFixedThreadPool(threads)) {
            var verdicts =
                    pool.invokeAll(Collections.nCopies(threads, opening)).stream()
                            .map(Future::resultNow)
                            .filter(Verdict.ADMITTED::equals);

            assertThat(verdicts).hasSize(3);
            assertThat(counts.all()).isEqualTo(3);
        }
    }
}
