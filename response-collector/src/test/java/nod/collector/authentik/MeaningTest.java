package nod.collector.authentik;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

class MeaningTest {

    private static final Pattern IN_BACKTICKS = Pattern.compile("`([^`]+)`");

    @ParameterizedTest
    @CsvSource({
        "ACCEPT, MATCHED, custom_",
        "DENY, DECLINED, login_failed",
        "DENY, REPORTED, suspicious_request",
        "DENY, WRONG_ITEM, suspicious_request",
        "EXPIRED, , login_failed",
        "UNDELIVERABLE, NO_PUSH_KEY, custom_",
        "UNDELIVERABLE, REJECTED, custom_",
        "UNDELIVERABLE, UNREACHABLE, custom_",
        "CANCELLED, CANCELLED, custom_",
        "CANCELLED, SUPERSEDED, custom_"
    })
    void givesEachOutcomeAnActionOfAuthentiks(
            TransactionStatus status, @Nullable OutcomeReason reason, String action) {
        var meaning = Meaning.of(outcome(status, reason));

        assertThat(meaning.action()).isEqualTo(action);
        assertThat(meaning.message()).startsWith("A login ");
    }

    /** The rows begin with the status; the reasons that they name follow. */
    @Test
    void thePageGivesEachOutcomeTheSameAction() throws IOException {
        var told = EnumSet.noneOf(TransactionStatus.class);
        for (var row : rowsOfThePage()) {
            var names = IN_BACKTICKS.matcher(row).results().map(name -> name.group(1)).toList();
            var status = status(names.getFirst());
            var action = names.getLast();
            told.add(status);
            assertThat(meanings(status, names.subList(1, names.size() - 1)))
                    .as(row)
                    .extracting(Meaning::action)
                    .containsOnly(action);
        }
        assertThat(told).containsExactlyInAnyOrderElementsOf(outcomes());
    }

    @Test
    void whatStillWaitsIsNoOutcome() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Meaning.of(outcome(TransactionStatus.WAIT, null)))
                .withMessageContaining("wait is no outcome");
    }

    private static List<String> rowsOfThePage() throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "authentik.md")).stream()
                .dropWhile(line -> !line.startsWith("| outcome | action |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.substring(0, line.lastIndexOf('|', line.length() - 2)))
                .toList();
    }

    private static TransactionStatus status(String text) {
        return Stream.of(TransactionStatus.values())
                .filter(status -> status.text().equals(text))
                .findFirst()
                .orElseThrow();
    }

    private static List<Meaning> meanings(TransactionStatus status, List<String> reasons) {
        var known = Stream.of(OutcomeReason.values());
        var named = known.filter(reason -> reasons.contains(reason.text())).toList();
        assertThat(named).hasSameSizeAs(reasons);
        return named.isEmpty()
                ? List.of(Meaning.of(outcome(status, null)))
                : named.stream().map(reason -> Meaning.of(outcome(status, reason))).toList();
    }

    private static Set<TransactionStatus> outcomes() {
        return EnumSet.complementOf(EnumSet.of(TransactionStatus.WAIT));
    }

    private static OutcomeDecided outcome(
            TransactionStatus status, @Nullable OutcomeReason reason) {
        return new OutcomeDecided(
                UUID.randomUUID(), "7", status, reason, null, Instant.EPOCH, Instant.EPOCH);
    }
}
