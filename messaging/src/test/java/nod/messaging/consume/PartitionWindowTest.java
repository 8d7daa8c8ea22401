package nod.messaging.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;

class PartitionWindowTest {

    private final PartitionWindow window = new PartitionWindow();

    @Test
    void hasNothingToCommitBeforeItTookARecord() {
        assertThat(window.hasProgress()).isFalse();
        assertThat(window.size()).isZero();
    }

    @Test
    void commitsTheLowestUnfinishedOffset() {
        start(5, 6, 7);

        window.finished(6);
        window.finished(7);
        assertThat(window.committable()).isEqualTo(5);

        window.finished(5);
        assertThat(window.committable()).isEqualTo(8);
    }

    @Test
    void goesOverGapsThatTheLogLeaves() {
        start(5, 9, 40);

        window.finished(5);
        assertThat(window.committable()).isEqualTo(9);
        window.finished(9);
        window.finished(40);
        assertThat(window.committable()).isEqualTo(41);
    }

    @Test
    void hasNoProgressUntilMoreThanWasCommittedIsDone() {
        start(0, 1);
        window.finished(0);
        assertThat(window.hasProgress()).isTrue();

        window.committed(1);
        assertThat(window.hasProgress()).isFalse();

        window.finished(1);
        assertThat(window.hasProgress()).isTrue();
    }

    @Test
    void doesNotGoBackWhenAnOlderCommitIsConfirmedLate() {
        start(0, 1, 2);
        window.finished(0);
        window.finished(1);

        window.committed(2);
        window.committed(1);

        assertThat(window.hasProgress()).isFalse();
    }

    @Test
    void refusesAnOffsetThatItHasAlreadyTaken() {
        start(5);

        assertThatThrownBy(() -> window.started(5))
                .hasMessageContaining("offset 5: expected 6 or higher");
    }

    @Test
    void neverCommitsBeyondUnfinishedWorkInWhateverOrderItFinishes() {
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var one = new PartitionWindow();
            var unfinished = new ArrayList<Long>();
            for (long offset = 100; offset < 130; offset++) {
                one.started(offset);
                unfinished.add(offset);
            }
            Collections.shuffle(unfinished, random);
            while (!unfinished.isEmpty()) {
                one.finished(unfinished.removeLast());
                var expected = unfinished.isEmpty() ? 130 : Collections.min(unfinished);
                assertThat(one.committable()).isEqualTo(expected);
                assertThat(one.size()).isEqualTo(unfinished.size());
            }
        }
    }

    private void start(long... offsets) {
        for (var offset : offsets) {
            window.started(offset);
        }
    }
}
