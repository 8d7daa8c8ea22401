package nod.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.benchmarks.rig.Aot;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;

import java.time.Duration;

class BenchmarkSettingsTest {

    @Test
    void hasADefaultForAll() {
        var settings = BenchmarkSettings.of();
        assertThat(settings.rate()).isEqualTo(200);
        assertThat(settings.providerDelay()).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void takesWhatIsGiven() {
        var settings = BenchmarkSettings.of("--rate=600", "--warm-up=2m", "--guard=0.5");
        assertThat(settings.rate()).isEqualTo(600);
        assertThat(settings.warmUp()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.guard()).isEqualTo(0.5);
    }

    @Test
    void warmsUpAtTheRateThatIsMeasuredOrAtAnother() {
        assertThat(BenchmarkSettings.of("--rate=7").warmUpRate()).isEqualTo(7);
        assertThat(BenchmarkSettings.of("--rate=7", "--warm-up-rate=9").warmUpRate()).isEqualTo(9);
    }

    @Test
    void saysWhichCachesThereAre() {
        assertThat(BenchmarkSettings.of("--aot=load").aot()).isEqualTo(Aot.LOAD);
        assertThatThrownBy(() -> BenchmarkSettings.of("--aot=true"))
                .isInstanceOf(BindException.class)
                .rootCause()
                .hasMessageContaining("Aot.true");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> BenchmarkSettings.of("--rates=600"))
                .isInstanceOf(BindException.class)
                .rootCause()
                .hasMessageContaining("rates");
    }

    @Test
    void refusesARateOfNothing() {
        assertThatThrownBy(() -> BenchmarkSettings.of("--rate=0"))
                .rootCause()
                .hasMessage("rate: 0, expected 1 or more");
        assertThatThrownBy(() -> BenchmarkSettings.of("--warm-up-rate=-5"))
                .rootCause()
                .hasMessage("warm-up-rate: -5, expected 1 or more");
    }

    @Test
    void saysWhatCanBeMeasured() {
        assertThatThrownBy(() -> Benchmark.named("speed"))
                .hasMessage(
                        "benchmark: 'speed', expected one of logins, dispatch, waiting, limits,"
                                + " pieces");
    }
}
