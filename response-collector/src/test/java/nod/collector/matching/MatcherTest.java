package nod.collector.matching;

import static org.assertj.core.api.Assertions.assertThat;

import nod.schemas.event.ItemMode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatcherTest {

    @ParameterizedTest
    @EnumSource(ItemMode.class)
    void takesADenialForWhatItIsInEveryMode(ItemMode mode) {
        assertThat(Matcher.match(mode, right(mode), "deny")).isEqualTo(MatchResult.DECLINED);
    }

    @ParameterizedTest
    @EnumSource(ItemMode.class)
    void takesAReportForWhatItIsInEveryMode(ItemMode mode) {
        assertThat(Matcher.match(mode, right(mode), "report")).isEqualTo(MatchResult.REPORTED);
    }

    @ParameterizedTest
    @EnumSource(ItemMode.class)
    void matchesTheRightItemOfEveryMode(ItemMode mode) {
        assertThat(Matcher.match(mode, right(mode), right(mode))).isEqualTo(MatchResult.MATCHED);
    }

    @ParameterizedTest
    @EnumSource(
            value = ItemMode.class,
            names = {"ACCEPT_DENY"},
            mode = EnumSource.Mode.EXCLUDE)
    void doesNotTakeAcceptForANumber(ItemMode mode) {
        assertThat(Matcher.match(mode, right(mode), "accept")).isEqualTo(MatchResult.WRONG_ITEM);
    }

    @ParameterizedTest
    @CsvSource({
        "NUMBER_MATCHING_2, 07, 7",
        "NUMBER_MATCHING_2, 42, 43",
        "NUMBER_MATCHING_2, 42, 042",
        "NUMBER_MATCHING_2, 42, 421",
        "NUMBER_MATCHING_2, 42, 4",
        "NUMBER_MATCHING_3, 042, 42",
        "NUMBER_MATCHING_3, 700, 70",
        "NUMBER_ENTRY_6, 000000, 0",
        "NUMBER_ENTRY_6, 000123, 123",
        "NUMBER_ENTRY_6, 123456, 123457",
        "NUMBER_ENTRY_6, 123456, 023456",
        "NUMBER_ENTRY_6, 123456, 1234567"
    })
    void comparesNumbersAsText(ItemMode mode, String right, String answered) {
        assertThat(Matcher.match(mode, right, answered)).isEqualTo(MatchResult.WRONG_ITEM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "ACCEPT", "Accept", "accept ", " accept", "yes", "1", "Deny", "42"})
    void takesNothingButAcceptForAccept(String answered) {
        assertThat(Matcher.match(ItemMode.ACCEPT_DENY, "accept", answered))
                .isEqualTo(MatchResult.WRONG_ITEM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "１２", "1２", "4 2", "42 ", "-42", "+2", "4\u0000"})
    void takesNothingThatOnlyResemblesTheNumber(String answered) {
        assertThat(Matcher.match(ItemMode.NUMBER_MATCHING_2, "12", answered))
                .isEqualTo(MatchResult.WRONG_ITEM);
    }

    @ParameterizedTest
    @CsvSource({
        "NUMBER_MATCHING_2, ''",
        "NUMBER_MATCHING_3, ''",
        "NUMBER_ENTRY_6, ''",
        "NUMBER_ENTRY_6, 42",
        "NUMBER_MATCHING_2, 123",
        "NUMBER_MATCHING_3, accept"
    })
    void neverMatchesWhereTheRightItemIsNoNumberOfTheMode(ItemMode mode, String broken) {
        assertThat(Matcher.match(mode, broken, broken)).isEqualTo(MatchResult.WRONG_ITEM);
    }

    private static String right(ItemMode mode) {
        return switch (mode) {
            case ACCEPT_DENY -> "accept";
            case NUMBER_MATCHING_2 -> "07";
            case NUMBER_MATCHING_3 -> "042";
            case NUMBER_ENTRY_6 -> "000123";
        };
    }
}
