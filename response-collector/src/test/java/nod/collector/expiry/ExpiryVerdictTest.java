package nod.collector.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import nod.collector.outcome.Verdict;
import nod.schemas.event.OutcomeReason;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

class ExpiryVerdictTest {

    @ParameterizedTest
    @MethodSource("everyCombinationOfUpToThreeDevices")
    void followsTheRuleForEveryCombination(List<Reach> devices) {
        assertThat(ExpiryVerdict.of(devices)).isEqualTo(byTheBook(devices));
    }

    @ParameterizedTest
    @EnumSource(
            value = Reach.class,
            names = {"PENDING", "ACCEPTED", "PULLED"})
    void expiresWhereASingleDeviceMayHaveAsked(Reach possiblySeen) {
        assertThat(ExpiryVerdict.of(List.of(Reach.REJECTED, possiblySeen, Reach.NO_PUSH_KEY)))
                .isEqualTo(Verdict.EXPIRED);
    }

    @Test
    void namesRejectionWhereEveryDeviceWithAKeyWasRejected() {
        assertThat(ExpiryVerdict.of(List.of(Reach.NO_PUSH_KEY, Reach.REJECTED)))
                .isEqualTo(Verdict.undeliverable(OutcomeReason.REJECTED));
    }

    @Test
    void namesUnreachabilityWhereRejectionDoesNotExplainAll() {
        assertThat(ExpiryVerdict.of(List.of(Reach.REJECTED, Reach.UNREACHABLE)))
                .isEqualTo(Verdict.undeliverable(OutcomeReason.UNREACHABLE));
    }

    @Test
    void expiresWhereNoDeviceIsLeftToBlame() {
        assertThat(ExpiryVerdict.of(List.of())).isEqualTo(Verdict.EXPIRED);
    }

    /** The design's sentence, read word by word. */
    private static Verdict byTheBook(List<Reach> devices) {
        var withoutKey = devices.stream().filter(d -> d == Reach.NO_PUSH_KEY).count();
        var rejected = devices.stream().filter(d -> d == Reach.REJECTED).count();
        var unreachable = devices.stream().filter(d -> d == Reach.UNREACHABLE).count();
        if (withoutKey + rejected + unreachable != devices.size()) {
            return Verdict.EXPIRED;
        }
        var withKey = devices.size() - withoutKey;
        if (withKey == 0) {
            return Verdict.undeliverable(OutcomeReason.NO_PUSH_KEY);
        }
        return Verdict.undeliverable(
                rejected == withKey ? OutcomeReason.REJECTED : OutcomeReason.UNREACHABLE);
    }

    static Stream<List<Reach>> everyCombinationOfUpToThreeDevices() {
        var all = Stream.of(Reach.values()).toList();
        var ones = all.stream().map(List::of);
        var twos = all.stream().flatMap(a -> all.stream().map(b -> List.of(a, b)));
        var threes =
                all.stream()
                        .flatMap(
                                a ->
                                        all.stream()
                                                .flatMap(
                                                        b ->
                                                                all.stream()
                                                                        .map(
                                                                                c ->
                                                                                        List.of(
                                                                                                a,
                                                                                                b,
                                                                                                c))));
        return Stream.of(ones, twos, threes).flatMap(combinations -> combinations);
    }
}
