package nod.gateway.lock;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.RunningGateway;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;

/** Gateways that were told other limits; one at a time, for they share their event loops. */
class PauseSettingsIT {

    private final TestServers servers = new TestServers();

    @Test
    void boundsTheOpenOnesWhereNewerOnesDoNotSupersede() {
        try (var gateway = started("nod.gateway.transaction.supersede", "false")) {
            var person = Person.enrolled(servers, gateway);
            var open = IntStream.range(0, 3).mapToObj(_ -> person.start()).toList();

            assertThat(person.refused()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(90));

            open.forEach(person::cancel);
            assertThat(person.refused()).isLessThanOrEqualTo(Duration.ofSeconds(30));
        }
    }

    @Test
    void neverPausesWhereTheFirstPauseIsNone() {
        try (var gateway = started("nod.gateway.pause.first", "0s")) {
            var person = Person.enrolled(servers, gateway);
            for (int i = 0; i < 4; i++) {
                person.deny();
                person.start();
            }
            var reported = person.start();
            assertThat(person.phone().answer(reported, "report")).isEqualTo(204);
            person.tryStart().expectStatus().isEqualTo(429);
        }
    }

    @Test
    void allowsOneOpenAtATimeWhereNoneIsFree() {
        try (var gateway = started("nod.gateway.pause.free", "0")) {
            var person = Person.enrolled(servers, gateway);
            var open = person.start();

            person.tryStart().expectStatus().isEqualTo(429);

            assertThat(person.phone().answer(open, "deny")).isEqualTo(204);
            assertThat(person.refused()).isLessThanOrEqualTo(Duration.ofSeconds(30));
        }
    }

    private RunningGateway started(String setting, String value) {
        return RunningGateway.start(servers, Map.of(setting, value));
    }
}
