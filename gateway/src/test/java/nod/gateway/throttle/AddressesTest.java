package nod.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

class AddressesTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "2001:DB8::a, 2001:db8:0:0:0:0:0:a",
        "::1, 0:0:0:0:0:0:0:1",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::ffff:c000:201, 192.0.2.1"
    })
    void readsALiteral(String text, String address) {
        assertThat(Addresses.literal(text).orElseThrow().getHostAddress()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "unknown",
                "localhost",
                "example.org",
                "1",
                "192.0.2",
                "192.0.2.1.",
                "192.0.2.256",
                "192.0.2.01",
                "0xC0.0.2.1",
                "-1.0.2.1",
                "192.0.2.1 ",
                "١٩٢.0.2.1",
                ":",
                ":::",
                "1::2::3",
                "2001:db8::g",
                "1:2:3:4:5:6:7:8:9",
                "::ffff:192.0.2.256",
                "fe80::1%eth0",
                "fe80::1%1",
                "[::1]",
                "192.0.2.1:80",
                "192.0.2.1/32"
            })
    void readsNothingElse(String text) {
        assertThat(Addresses.literal(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "' 192.0.2.1\t', 192.0.2.1",
        "192.0.2.1:50123, 192.0.2.1",
        "2001:db8::a, 2001:db8:0:0:0:0:0:a",
        "[2001:db8::a], 2001:db8:0:0:0:0:0:a",
        "[2001:db8::a]:50123, 2001:db8:0:0:0:0:0:a",
        "[::ffff:192.0.2.1]:50123, 192.0.2.1"
    })
    void readsWhatAProxyWrites(String element, String address) {
        assertThat(Addresses.forwarded(element).orElseThrow().getHostAddress()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unknown",
                "_hidden",
                "192.0.2.1:",
                "192.0.2.1:123456",
                "192.0.2.1:x",
                "[192.0.2.1]",
                "[2001:db8::a",
                "2001:db8::a]:80",
                "[2001:db8::a]80",
                "[2001:db8::a%1]",
                "\"192.0.2.1\"",
                "for=192.0.2.1",
                "192.0.2.1;192.0.2.2"
            })
    void readsNoJunk(String element) {
        assertThat(Addresses.forwarded(element)).isEmpty();
    }

    @Test
    void knowsOneFormOfAMappedAddress() throws UnknownHostException {
        var bytes = new byte[16];
        bytes[10] = bytes[11] = -1;
        bytes[12] = 10;
        // As the native transports of Netty may hand it out.
        InetAddress mapped = Inet6Address.getByAddress(null, bytes, -1);

        assertThat(Addresses.canonical(mapped))
                .isInstanceOf(Inet4Address.class)
                .isEqualTo(InetAddress.ofLiteral("10.0.0.0"));
    }
}
