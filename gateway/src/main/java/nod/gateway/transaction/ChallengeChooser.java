package nod.gateway.transaction;

import nod.schemas.event.ItemMode;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.random.RandomGenerator;

/** Chooses what a phone may answer. As thread-safe as its random source. */
final class ChallengeChooser {

    private static final int OFFERED = 3;

    private final RandomGenerator random;

    /**
     * @param random a cryptographic source in production
     */
    ChallengeChooser(RandomGenerator random) {
        this.random = random;
    }

    /** A challenge of that mode. */
    Challenge choose(ItemMode mode) {
        return switch (mode) {
            case ACCEPT_DENY -> new Challenge("accept", List.of("accept", "deny"));
            case NUMBER_MATCHING_2 -> numbers(10, 100);
            case NUMBER_MATCHING_3 -> numbers(100, 1000);
            case NUMBER_ENTRY_6 ->
                    new Challenge("%06d".formatted(random.nextInt(1_000_000)), List.of());
        };
    }

    /** Distinct numbers; none begins with 0, because a phone may send one as a JSON number. */
    private Challenge numbers(int from, int to) {
        var chosen = new LinkedHashSet<String>();
        while (chosen.size() < OFFERED) {
            chosen.add(String.valueOf(random.nextInt(from, to)));
        }
        var items = new ArrayList<>(chosen);
        return new Challenge(items.get(random.nextInt(OFFERED)), items);
    }
}
