package nod.dispatcher.fcm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import reactor.core.publisher.Mono;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

class AccessTokensTest {

    private static final Duration HOUR = Duration.ofHours(1);

    /** Within which Google's library fetches the next token, and still uses the old one. */
    private static final Duration NEARLY_OVER = Duration.ofSeconds(3 * 60 + 25);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Gives tokens that are numbered, one after the other, when it is let to. */
    private static final class NumberedTokens extends GoogleCredentials {

        private static final long serialVersionUID = 1;

        private final AtomicInteger fetches = new AtomicInteger();
        private final ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
        private transient volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile Duration lifetime = HOUR;
        private volatile boolean broken;

        @Override
        public GoogleCredentials createScoped(Collection<String> scopes) {
            assertThat(scopes)
                    .containsExactly("https://www.googleapis.com/auth/firebase.messaging");
            return this;
        }

        @Override
        public AccessToken refreshAccessToken() throws IOException {
            threads.add(Thread.currentThread());
            int number = fetches.incrementAndGet();
            try {
                gate.await();
            } catch (InterruptedException interrupted) {
                throw new InterruptedIOException();
            }
            if (broken) {
                throw new IOException("no token today");
            }
            var end = Clock.systemUTC().instant().plus(lifetime);
            return new AccessToken("token-" + number, Date.from(end));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private final NumberedTokens account = new NumberedTokens();
    private final AccessTokens tokens = new AccessTokens(account);

    private static Map<String, List<String>> of(Mono<Map<String, List<String>>> headers) {
        return Objects.requireNonNull(headers.block(PATIENCE));
    }

    private static Map<String, List<String>> bearing(String token) {
        return Map.of("Authorization", List.of("Bearer " + token));
    }

    @Test
    void allWhoWaitShareOneFetch() {
        account.gate = new CountDownLatch(1);
        var told = new ConcurrentLinkedQueue<Map<String, List<String>>>();
        for (int i = 0; i < 50; i++) {
            tokens.headers().subscribe(told::add);
        }
        assertThat(told).isEmpty();

        account.gate.countDown();

        await().until(() -> told.size() == 50);
        assertThat(told).containsOnly(bearing("token-1"));
        assertThat(account.fetches).hasValue(1);
    }

    @Test
    void fetchesOnAThreadOfItsOwn() {
        assertThat(of(tokens.headers())).isEqualTo(bearing("token-1"));
        assertThat(of(tokens.otherThan(bearing("token-1")))).isEqualTo(bearing("token-2"));

        assertThat(account.threads)
                .hasSize(2)
                .allSatisfy(thread -> assertThat(thread.isVirtual()).isTrue());
    }

    @Test
    void theNextOneIsFetchedWhileTheOldOneStillServes() {
        account.lifetime = NEARLY_OVER;
        assertThat(of(tokens.headers())).isEqualTo(bearing("token-1"));
        account.gate = new CountDownLatch(1);

        assertThat(of(tokens.headers())).isEqualTo(bearing("token-1"));

        account.lifetime = HOUR;
        account.gate.countDown();
        await().untilAsserted(() -> assertThat(of(tokens.headers())).isEqualTo(bearing("token-2")));
        assertThat(account.fetches).hasValue(2);
    }

    @Test
    void aRefusedOneIsReplacedOnceHoweverLateItsRefusalsCome() {
        var old = of(tokens.headers());

        assertThat(of(tokens.otherThan(old))).isEqualTo(bearing("token-2"));
        assertThat(of(tokens.otherThan(old))).isEqualTo(bearing("token-2"));
        assertThat(account.fetches).hasValue(2);
    }

    @Test
    void afterAFailureTheNextOneWhoAsksTriesAgain() {
        account.broken = true;
        assertThatThrownBy(() -> tokens.headers().block(PATIENCE))
                .hasRootCauseMessage("no token today");
        account.broken = false;

        assertThat(of(tokens.headers())).isEqualTo(bearing("token-2"));
    }

    @Test
    void thatARefusedOneCanNotBeReplacedIsTold() {
        var old = of(tokens.headers());
        account.broken = true;

        assertThatThrownBy(() -> tokens.otherThan(old).block(PATIENCE))
                .hasRootCauseMessage("no token today");
    }
}
