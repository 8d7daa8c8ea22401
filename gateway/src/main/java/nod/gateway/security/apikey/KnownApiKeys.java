package nod.gateway.security.apikey;

import nod.gateway.GatewaySettings;
import nod.gateway.security.ApiKeys;
import nod.gateway.security.BearerToken;
import nod.gateway.security.Caller;
import nod.gateway.security.CredentialsUnavailable;
import nod.gateway.security.Secret;
import nod.gateway.security.TokenHash;
import nod.gateway.security.apikey.ApiKeyTable.LiveKey;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The keys of the configuration and a snapshot of those of the database, so that no request has to
 * read them: a new key is known and a revoked one refused {@value #REFRESH_SECONDS} s after it was
 * made or revoked. Thread-safe.
 *
 * <p>While the database is away the last snapshot serves, but not for ever: an instance that alone
 * can't read the table must not go on with a key that was revoked long ago.
 */
@Component
class KnownApiKeys implements ApiKeys, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(KnownApiKeys.class);

    static final int REFRESH_SECONDS = 2;

    static final Duration REFRESH = Duration.ofSeconds(REFRESH_SECONDS);

    /** Longer than a failover of the database takes; nothing works without it anyway. */
    static final Duration TRUSTED_FOR = Duration.ofMinutes(1);

    /** A bit more than the wait for a connection of the pool. */
    private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(5);

    private final Map<TokenHash, String> configured;
    private final Supplier<Flux<LiveKey>> table;
    private final LongSupplier nanoTime;
    private volatile @Nullable KeySnapshot snapshot;
    private volatile boolean failing;
    private volatile Disposable refreshing = Disposables.disposed();

    @Autowired
    KnownApiKeys(GatewaySettings settings, ApiKeyTable table) {
        this(settings.apiKeys(), table::live, System::nanoTime);
    }

    /**
     * @param table reads the live keys
     * @param nanoTime a clock that only goes forward
     */
    KnownApiKeys(
            Map<String, Secret> configured, Supplier<Flux<LiveKey>> table, LongSupplier nanoTime) {
        this.configured = byHash(configured);
        this.table = table;
        this.nanoTime = nanoTime;
    }

    private static Map<TokenHash, String> byHash(Map<String, Secret> keys) {
        var names = new HashMap<TokenHash, String>();
        keys.forEach(
                (name, key) -> {
                    var other = names.put(key.hash(), name);
                    if (other != null) {
                        throw new IllegalArgumentException(
                                "nod.gateway.api-keys: '%s' and '%s' are the same key, expected one of its own for each name"
                                        .formatted(other, name));
                    }
                });
        return Map.copyOf(names);
    }

    @Override
    public Optional<Caller.Deployment> find(BearerToken token) {
        var hash = token.hash();
        var name = configured.get(hash);
        if (name != null) {
            return Optional.of(Caller.Deployment.byApiKey(name));
        }
        return token.mayBeOurs() ? stored(hash).map(Caller.Deployment::byApiKey) : Optional.empty();
    }

    private Optional<String> stored(TokenHash hash) {
        var now = nanoTime.getAsLong();
        var known = snapshot;
        if (known == null || known.age(now).compareTo(TRUSTED_FOR) > 0) {
            throw new CredentialsUnavailable("The API keys can't be read.", REFRESH);
        }
        return known.name(hash, now);
    }

    /** Reads the table once more; never fails. */
    Mono<Void> refresh() {
        return Mono.defer(
                        () -> {
                            var asked = nanoTime.getAsLong();
                            return table.get()
                                    .collectList()
                                    .map(keys -> new KeySnapshot(asked, keys));
                        })
                .timeout(LOAD_TIMEOUT)
                .doOnNext(this::replace)
                .onErrorResume(
                        failure -> {
                            complain(failure);
                            return Mono.empty();
                        })
                .then();
    }

    private void replace(KeySnapshot read) {
        snapshot = read;
        if (failing) {
            log.info("The API keys of the database can be read again");
        }
        failing = false;
    }

    /** Once an outage: the next ones fail as this one did. */
    private void complain(Throwable failure) {
        if (!failing) {
            log.warn(
                    "The API keys of the database can't be read, those read before serve for {} s",
                    TRUSTED_FOR.toSeconds(),
                    failure);
        }
        failing = true;
    }

    @Override
    public void start() {
        refresh().block();
        var known = snapshot;
        if (known != null && known.size() == 0 && configured.isEmpty()) {
            log.warn("There is no API key: 'api-key create NAME' makes one");
        }
        refreshing =
                Flux.interval(REFRESH).onBackpressureDrop().concatMap(_ -> refresh()).subscribe();
    }

    @Override
    public void stop() {
        refreshing.dispose();
    }

    @Override
    public boolean isRunning() {
        return !refreshing.isDisposed();
    }

    /** Before the web server: its first request finds the keys read. */
    @Override
    public int getPhase() {
        return 0;
    }
}
