package nod.gateway.security.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.security.TokenHash;
import nod.gateway.security.apikey.ApiKeyTable.LiveKey;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class KeySnapshotTest {

    private static final TokenHash LASTING = TokenHash.of("lasting");
    private static final TokenHash ENDING = TokenHash.of("ending");

    /** Near its greatest value, where the next nanoseconds are negative. */
    private static final long TAKEN = Long.MAX_VALUE - 5;

    private final KeySnapshot snapshot =
            new KeySnapshot(
                    TAKEN,
                    List.of(
                            new LiveKey(LASTING, "authentik", null),
                            new LiveKey(ENDING, "authentik", Duration.ofSeconds(10))));

    @Test
    void knowsSeveralKeysOfOneName() {
        assertThat(snapshot.name(LASTING, after(0))).contains("authentik");
        assertThat(snapshot.name(ENDING, after(0))).contains("authentik");
        assertThat(snapshot.name(TokenHash.of("other"), after(0))).isEmpty();
    }

    @Test
    void countsDownWhatIsLeftOfAKey() {
        assertThat(snapshot.name(ENDING, after(9))).isPresent();
        assertThat(snapshot.name(ENDING, after(10))).isEmpty();
        assertThat(snapshot.name(LASTING, after(1_000_000))).isPresent();
    }

    @Test
    void tellsItsAge() {
        assertThat(snapshot.age(after(61))).hasSeconds(61);
    }

    private static long after(int seconds) {
        return TAKEN + Duration.ofSeconds(seconds).toNanos();
    }
}
