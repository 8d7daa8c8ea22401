package nod.standalone.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import nod.standalone.monitoring.PromQl.Selector;

import org.junit.jupiter.api.Test;

import java.util.Set;

class PromQlTest {

    @Test
    void findsMetricsWithTheLabelsThatTheyAreChosenBy() {
        var query =
                PromQl.of(
                        "sum(rate(a_total{x=\"b or c{y}\", z=~\"5..\"}[5m])) > 0.01 * up offset 5m"
                                + " and max by (g, h) (c_d:e) or absent(f)");

        assertThat(query.selectors())
                .containsExactly(
                        new Selector("a_total", Set.of("x", "z")),
                        new Selector("up", Set.of()),
                        new Selector("c_d:e", Set.of()),
                        new Selector("f", Set.of()));
        assertThat(query.groupings()).containsExactly("g", "h");
    }

    @Test
    void findsWhatIsMatchedOn() {
        var query = PromQl.of("a / on(x) group_left (y) sum without (z) (b)");

        assertThat(query.selectors()).extracting(Selector::metric).containsExactly("a", "b");
        assertThat(query.groupings()).containsExactly("x", "y", "z");
    }
}
