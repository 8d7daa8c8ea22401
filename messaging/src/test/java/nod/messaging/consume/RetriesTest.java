package nod.messaging.consume;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class RetriesTest {

    @ParameterizedTest
    @CsvSource({"1,200", "2,400", "3,800", "5,3200", "6,5000", "60,5000", "100000,5000"})
    void waitsLongerWithEachFailureUpToABound(int failures, long millis) {
        assertThat(Retries.backOff(failures)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void keepsWorkUntilItIsDue() {
        var retries = new Retries();
        retries.add(work().afterPassingFailure());

        assertThat(retries.takeDue()).isEmpty();
        assertThat(retries.clear()).isEqualTo(1);
        assertThat(retries.clear()).isZero();
    }

    @Test
    void tellsFaultsFromFailuresThatPass() {
        var work = work().afterPassingFailure().afterPassingFailure().afterFault();

        assertThat(work.failures()).isEqualTo(3);
        assertThat(work.faults()).isEqualTo(1);
    }

    private static Work work() {
        return new Work(
                new PartitionWindow(), new ConsumerRecord<>("topic", 0, 0, "key", new byte[0]));
    }
}
