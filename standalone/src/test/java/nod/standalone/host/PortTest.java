package nod.standalone.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;

class PortTest {
    @Test
    void ofNumberZeroBecomesAFreeOne() throws IOException {
        var port = new Port(0, "a test", "test.port").reserve();

        try (var socket = new ServerSocket(port.number(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.getLocalPort()).isEqualTo(port.number()).isPositive();
        }
    }

    @Test
    void thatIsTakenIsRefusedWithOneSentence() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port =
                    new Port(
                            other.getLocalPort(),
                            "the gateway's API",
                            "nod.standalone.gateway.port");

            assertThatThrownBy(port::reserve)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageStartingWith(
                            "Port %d for the gateway's API is taken: stop what listens there, or"
                                    + " set nod.standalone.gateway.port to a free port, for example"
                                    + " --nod.standalone.gateway.port=",
                            other.getLocalPort());
        }
    }

    @Test
    void forWhatNobodyConfiguresIsNeitherGivenTwiceNorToAConnection() {
        var ports = IntStream.range(0, 100).mapToObj(i -> Port.anyFree()).toList();

        assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port >= 20_000 && port < 32_768);
    }
}
