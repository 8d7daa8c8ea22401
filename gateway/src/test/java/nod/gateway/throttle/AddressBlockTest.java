package nod.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;

class AddressBlockTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0, true",
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, 9.255.255.255, false",
        "192.0.2.128/25, 192.0.2.255, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.7/32, 192.0.2.7, true",
        "192.0.2.7/32, 192.0.2.6, false",
        "128.0.0.0/1, 255.0.0.1, true",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::, false",
        "::1/128, ::1, true",
        "::1/128, ::2, false",
        "10.0.0.0/8, a00::, false",
        "a00::/8, 10.0.0.0, false"
    })
    void containsWhatBeginsAsItDoes(String block, String address, boolean contained) {
        assertThat(AddressBlock.parse(block).orElseThrow().contains(InetAddress.ofLiteral(address)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0",
                "10.0.0.0/",
                "10.0.0.0/0",
                "10.0.0.0/08",
                "10.0.0.0/33",
                "10.0.0.0/-8",
                "10.0.0.0/8/8",
                "10.0.0.1/8",
                "10.0.0.0 /8",
                "10/8",
                "::/0",
                "::1/64",
                "2001:db8::/129",
                "2001:db8::/9999",
                "[2001:db8::]/32",
                "proxy.example.org/32"
            })
    void isNothingElse(String text) {
        assertThat(AddressBlock.parse(text)).isEmpty();
    }
}
