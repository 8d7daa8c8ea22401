package nod.gateway.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import nod.schemas.event.ItemMode;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

class ChallengeChooserTest {

    private final ChallengeChooser chooser = new ChallengeChooser(new SecureRandom());

    @Test
    void offersAcceptAndDeny() {
        assertThat(chooser.choose(ItemMode.ACCEPT_DENY))
                .isEqualTo(new Challenge("accept", List.of("accept", "deny")));
    }

    @Test
    void offersThreeDistinctNumbersOneOfThemRight() {
        for (int i = 0; i < 5_000; i++) {
            assertNumbers(chooser.choose(ItemMode.NUMBER_MATCHING_2), "[1-9][0-9]");
            assertNumbers(chooser.choose(ItemMode.NUMBER_MATCHING_3), "[1-9][0-9]{2}");
        }
    }

    private static void assertNumbers(Challenge challenge, String form) {
        assertThat(challenge.items())
                .hasSize(3)
                .doesNotHaveDuplicates()
                .allMatch(item -> item.matches(form))
                .contains(challenge.item());
    }

    @Test
    void offersNothingWhereTheUserTypesSixDigits() {
        var challenge = chooser.choose(ItemMode.NUMBER_ENTRY_6);

        assertThat(challenge.items()).isEmpty();
        assertThat(challenge.item()).matches("[0-9]{6}");
    }

    @Test
    void keepsLeadingZerosOfSixDigits() {
        assertThat(withDraws(7).choose(ItemMode.NUMBER_ENTRY_6).item()).isEqualTo("000007");
    }

    @Test
    void drawsAgainWhereANumberCameTwice() {
        var challenge = withDraws(55, 55, 10, 99, 0).choose(ItemMode.NUMBER_MATCHING_2);

        assertThat(challenge).isEqualTo(new Challenge("55", List.of("55", "10", "99")));
    }

    @Test
    void putsTheRightNumberInEveryPlace() {
        Set<Integer> places = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            var challenge = chooser.choose(ItemMode.NUMBER_MATCHING_3);
            places.add(challenge.items().indexOf(challenge.item()));
        }
        assertThat(places).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void neverPrintsTheRightItem() {
        assertThat(new Challenge("123456", List.of())).hasToString("Challenge[items=[]]");
    }

    /** A source that draws these numbers, one after the other. */
    private static ChallengeChooser withDraws(int... draws) {
        var next = IntStream.of(draws).iterator();
        return new ChallengeChooser(
                new RandomGenerator() {
                    @Override
                    public long nextLong() {
                        throw new UnsupportedOperationException("expected bounded draws");
                    }

                    @Override
                    public int nextInt(int bound) {
                        return next.nextInt();
                    }

                    @Override
                    public int nextInt(int origin, int bound) {
                        return next.nextInt();
                    }
                });
    }
}
