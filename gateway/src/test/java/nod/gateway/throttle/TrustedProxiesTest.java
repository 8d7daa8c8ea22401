package nod.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

class TrustedProxiesTest {

    private static final Set<String> PROXIES = Set.of("10.0.0.0/8", "2001:db8:1::/48");

    private static String clientOf(Set<String> proxies, String peer, String... forwardedFor) {
        return TrustedProxies.of(proxies)
                .clientOf(InetAddress.ofLiteral(peer), List.of(forwardedFor))
                .getHostAddress();
    }

    @Test
    void believesNobodyByDefault() {
        assertThat(clientOf(Set.of(), "10.0.0.1", "192.0.2.1")).isEqualTo("10.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "198.51.100.1   | 192.0.2.1                        | 198.51.100.1",
                "10.0.0.1       | 192.0.2.1                        | 192.0.2.1",
                "2001:db8:1::1  | 192.0.2.1:50123                  | 192.0.2.1",
                "10.0.0.1       | [2001:db8:2::1]:50123            | 2001:db8:2:0:0:0:0:1",
                "10.0.0.1       | 192.0.2.1, 10.9.9.9              | 192.0.2.1",
                "10.0.0.1       | 192.0.2.1, ::ffff:10.9.9.9       | 192.0.2.1",
                "10.0.0.1       | 203.0.113.5, 192.0.2.1           | 192.0.2.1",
                "10.0.0.1       | 10.3.3.3, 192.0.2.1, 10.9.9.9    | 192.0.2.1"
            })
    void takesTheNearestThatIsNoProxy(String peer, String forwardedFor, String client) {
        assertThat(clientOf(PROXIES, peer, forwardedFor)).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unknown                    | 10.0.0.1",
                "''                         | 10.0.0.1",
                "192.0.2.1,                 | 10.0.0.1",
                "192.0.2.1, junk            | 10.0.0.1",
                "192.0.2.1, junk, 10.9.9.9  | 10.9.9.9",
                "192.0.2.1 192.0.2.2        | 10.0.0.1"
            })
    void stopsAtTheLastProxyWhereTheRestIsJunk(String forwardedFor, String client) {
        assertThat(clientOf(PROXIES, "10.0.0.1", forwardedFor)).isEqualTo(client);
    }

    @Test
    void readsSeveralHeadersAsOne() {
        assertThat(clientOf(PROXIES, "10.0.0.1", "203.0.113.5, 192.0.2.1", "10.9.9.9"))
                .isEqualTo("192.0.2.1");
    }

    @Test
    void takesTheFarthestProxyWhereThereIsNobodyElse() {
        assertThat(clientOf(PROXIES, "10.0.0.1")).isEqualTo("10.0.0.1");
        assertThat(clientOf(PROXIES, "10.0.0.1", "10.2.2.2, 10.3.3.3")).isEqualTo("10.2.2.2");
    }
}
