package nod.simulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import nod.simulators.inbox.InboxLimits;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

class SimulatorsMainTest {

    private static final Clock CLOCK = Clock.systemUTC();

    @Test
    void listensOnLoopbackUnlessToldOtherwise() {
        SimulatorsConfig config = SimulatorsMain.config(Map.of("PATH", "/bin"), CLOCK);

        assertThat(config.bindHost()).isEqualTo("127.0.0.1");
        assertThat(config.fcmPort()).isEqualTo(8443);
        assertThat(config.folder()).isEqualTo(Path.of("simulators"));
    }

    @Test
    void takesEverySettingFromTheEnvironment() {
        SimulatorsConfig config =
                SimulatorsMain.config(
                        Map.ofEntries(
                                Map.entry("NOD_SIMULATORS_FOLDER", "/data"),
                                Map.entry("NOD_SIMULATORS_BIND_HOST", "0.0.0.0"),
                                Map.entry("NOD_SIMULATORS_ADVERTISED_HOST", "simulators"),
                                Map.entry("NOD_SIMULATORS_FCM_PORT", "1"),
                                Map.entry("NOD_SIMULATORS_APNS_PORT", "2"),
                                Map.entry("NOD_SIMULATORS_CONTROL_PORT", "3"),
                                Map.entry("NOD_SIMULATORS_FCM_PROJECT", "some-project"),
                                Map.entry("NOD_SIMULATORS_APNS_TOPIC", "com.example"),
                                Map.entry("NOD_SIMULATORS_APNS_KEY_ID", "AAAAAAAAAA"),
                                Map.entry("NOD_SIMULATORS_APNS_TEAM_ID", "BBBBBBBBBB"),
                                Map.entry("NOD_SIMULATORS_INBOX_PER_KEY", "4"),
                                Map.entry("NOD_SIMULATORS_INBOX_KEYS", "5"),
                                Map.entry("NOD_SIMULATORS_INBOX_TOTAL", "6")),
                        CLOCK);

        assertThat(config)
                .hasToString(
                        SimulatorsConfig.in(Path.of("/data"))
                                .withClock(CLOCK)
                                .withHosts("0.0.0.0", "simulators")
                                .withPorts(1, 2, 3)
                                .withFcmProject("some-project")
                                .withApns("com.example", "AAAAAAAAAA", "BBBBBBBBBB")
                                .withInboxLimits(new InboxLimits(4, 5, 6))
                                .toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    FCM_PORT        | eighty    | NOD_SIMULATORS_FCM_PORT: 'eighty', expected
                    FCM_PORT        | 70000     | fcmPort: 70000, expected 0 (any free port) to 65535
                    ADVERTISED_HOST | not a host| advertisedHost: 'not a host', expected a host name
                    FCM_PROJECT     | X         | fcmProject: 'X', expected 6 to 30
                    APNS_KEY_ID     | short     | apnsKeyId: 'short', expected ten
                    INBOX_KEYS      | 0         | inbox limit keys: 0, expected 1 or more
                    FCM_PROT        | 1         | unknown [NOD_SIMULATORS_FCM_PROT], expected
                    """)
    void saysWhichSettingIsWrongAndWhatIsExpected(String name, String value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> SimulatorsMain.config(Map.of("NOD_SIMULATORS_" + name, value), CLOCK))
                .withMessageStartingWith(message);
    }
}
