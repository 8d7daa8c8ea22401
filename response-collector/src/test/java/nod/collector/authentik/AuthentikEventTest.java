package nod.collector.authentik;

import static org.assertj.core.api.Assertions.assertThat;

import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.util.UUID;

class AuthentikEventTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final OutcomeDecided DENIED =
            new OutcomeDecided(
                    UUID.fromString("959c63d0-b3bc-4b66-b5d8-2dbdd95cd7e7"),
                    "7",
                    TransactionStatus.DENY,
                    OutcomeReason.REPORTED,
                    UUID.fromString("72048283-d12a-403f-b462-bfeea7662c93"),
                    Instant.parse("2026-11-24T18:22:26.809727Z"),
                    Instant.parse("2026-11-24T18:22:28.505174Z"));

    private static final String EVERYTHING =
            """
            {
              "action": "suspicious_request",
              "app": "nod",
              "user": {"pk": "7"},
              "context": {
                "message": "A login was reported on a phone: it was not the user's",
                "model": {
                  "app": "nod",
                  "model_name": "transaction",
                  "pk": "959c63d0b3bc4b66b5d82dbdd95cd7e7"
                },
                "tx_id": "959c63d0-b3bc-4b66-b5d8-2dbdd95cd7e7",
                "status": "deny",
                "reason": "reported",
                "answered_by": "72048283-d12a-403f-b462-bfeea7662c93",
                "application": "Wiki",
                "domain": "login.example.org",
                "created": "2026-11-24T18:22:26.809727Z",
                "decided": "2026-11-24T18:22:28.505174Z"
              },
              "client_ip": "203.0.113.7"
            }
            """;

    @Test
    void saysWhoWasAskedByTheNumberThatAuthentikGave() {
        var event =
                AuthentikEvent.of(DENIED, new Login("203.0.113.7", "Wiki", "login.example.org"));

        assertThat(JSON.readTree(JSON.writeValueAsString(event)))
                .isEqualTo(JSON.readTree(EVERYTHING));
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        var json = JSON.readTree(JSON.writeValueAsString(AuthentikEvent.of(DENIED, Login.UNKNOWN)));

        assertThat(json.has("client_ip")).isFalse();
        assertThat(json.path("context").has("application")).isFalse();
    }

    /** authentik would refuse an event with an address that is none. */
    @ParameterizedTest
    @CsvSource({
        "2001:db8::1, 2001:db8:0:0:0:0:0:1",
        "::ffff:203.0.113.7, 203.0.113.7",
        "localhost,",
        "203.0.113.7:443,",
        "'',",
    })
    void leavesOutAnAddressThatIsNone(String given, String told) {
        assertThat(new Login(given, null, null).address()).isEqualTo(told);
    }
}
