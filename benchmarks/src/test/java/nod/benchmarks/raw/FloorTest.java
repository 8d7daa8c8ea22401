package nod.benchmarks.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;

class FloorTest {

    private final Floor floor =
            new Floor(
                    List.of(
                            new Measured("call", 1000, 200, 3),
                            new Measured("send", 500, 100, 0.5)));

    @Test
    void addsUpTheStepsOfALogin() {
        assertThat(floor.cpuMillis()).isCloseTo(0.65, within(1e-9));
    }

    @Test
    void showsEachStepAndTheirSum() {
        assertThat(floor.table().toString())
                .isEqualTo(
                        """
                        | step, alone | a second | CPU µs each | times a login | CPU µs |
                        |---|---|---|---|---|
                        | call | 1,000 | 200 | 3.00 | 600 |
                        | send | 500 | 100 | 0.500 | 50.0 |
                        | floor |  |  |  | 650 |
                        """);
    }
}
