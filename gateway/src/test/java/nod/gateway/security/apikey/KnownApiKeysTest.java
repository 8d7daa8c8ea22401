package nod.gateway.security.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.gateway.security.BearerToken;
import nod.gateway.security.Caller;
import nod.gateway.security.CredentialsUnavailable;
import nod.gateway.security.Secret;
import nod.gateway.security.TokenHash;
import nod.gateway.security.Tokens;
import nod.gateway.security.apikey.ApiKeyTable.LiveKey;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class KnownApiKeysTest {

    private static final String CONFIGURED = "k".repeat(40);

    private final String key = new Tokens().next();
    private Flux<LiveKey> table = Flux.just(live(key, null));
    private long now = -1;
    private final KnownApiKeys keys =
            new KnownApiKeys(Map.of("configured", new Secret(CONFIGURED)), () -> table, () -> now);

    @Test
    void knowsTheKeysOfTheConfigurationAndOfTheTable() {
        refresh();

        assertThat(find(CONFIGURED)).contains(Caller.Deployment.byApiKey("configured"));
        assertThat(find(key)).contains(Caller.Deployment.byApiKey("stored"));
        assertThat(find(new Tokens().next())).isEmpty();
    }

    @Test
    void followsTheTable() {
        refresh();
        var other = new Tokens().next();
        table = Flux.just(live(other, null));
        refresh();

        assertThat(find(key)).isEmpty();
        assertThat(find(other)).isPresent();
    }

    @Test
    void servesWhatItKnowsWhileTheTableIsAway() {
        refresh();
        goAway();
        pass(KnownApiKeys.TRUSTED_FOR);

        assertThat(find(key)).isPresent();
    }

    @Test
    void endsAKeyInTimeWhileTheTableIsAway() {
        table = Flux.just(live(key, Duration.ofSeconds(10)));
        refresh();
        goAway();

        pass(Duration.ofSeconds(9));
        assertThat(find(key)).isPresent();
        pass(Duration.ofSeconds(1));
        assertThat(find(key)).isEmpty();
    }

    @Test
    void cannotTellWhenItHasNotReadTheTableForLong() {
        refresh();
        goAway();
        pass(KnownApiKeys.TRUSTED_FOR.plusMillis(1));

        assertUnavailable(key);
        assertUnavailable(new Tokens().next());
        assertThat(find(CONFIGURED)).isPresent();
        assertThat(find("no key of ours")).isEmpty();
        assertThat(find("a.b.c")).isEmpty();
    }

    @Test
    void cannotTellBeforeItHasReadTheTable() {
        goAway();

        assertUnavailable(key);
        assertThat(find(CONFIGURED)).isPresent();
    }

    @Test
    void goesOnWhenTheTableIsBack() {
        var back = table;
        goAway();
        table = back;
        refresh();

        assertThat(find(key)).isPresent();
    }

    @Test
    void refusesOneKeyUnderTwoNames() {
        var same = Map.of("one", new Secret(CONFIGURED), "two", new Secret(CONFIGURED));

        assertThatThrownBy(() -> new KnownApiKeys(same, () -> table, () -> now))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'one'")
                .hasMessageContaining("'two'")
                .hasMessageContaining("nod.gateway.api-keys")
                .hasMessageNotContaining(CONFIGURED);
    }

    private void refresh() {
        keys.refresh().block();
    }

    private void goAway() {
        table = Flux.error(new IOException("away"));
        refresh();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private Optional<Caller.Deployment> find(String token) {
        return keys.find(BearerToken.of(List.of("Bearer " + token.replace(' ', '-'))));
    }

    private void assertUnavailable(String token) {
        assertThatThrownBy(() -> find(token)).isInstanceOf(CredentialsUnavailable.class);
    }

    private static LiveKey live(String key, @Nullable Duration left) {
        return new LiveKey(TokenHash.of(key), "stored", left);
    }
}
