package nod.dispatcher.dispatch;

import nod.dispatcher.provider.TimeSource;
import nod.dispatcher.push.EncryptionKey;
import nod.dispatcher.push.PushAddress;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What the database would say, with a clock that a test moves. */
final class InMemoryTransactions implements TransactionReader {

    private record Key(@Nullable PushAddress address, int version) {}

    private final TimeSource time;
    private final Map<UUID, Long> expiresNanos = new HashMap<>();
    private final Set<UUID> claimed = new HashSet<>();
    private final Map<Asked, Key> keys = new HashMap<>();
    private final Map<UUID, EncryptionKey> encryptionKeys = new HashMap<>();
    private final List<Integer> reads = new ArrayList<>();
    private Mono<?> held = Mono.empty();
    private @Nullable RuntimeException failure;

    InMemoryTransactions(TimeSource time) {
        this.time = time;
    }

    void start(UUID txId, Duration left) {
        expiresNanos.put(txId, time.nanos() + left.toNanos());
    }

    void setKey(UUID txId, UUID device, @Nullable PushAddress address, int version) {
        keys.put(new Asked(txId, device), new Key(address, version));
    }

    void sealFor(UUID device, EncryptionKey key) {
        encryptionKeys.put(device, key);
    }

    void claim(UUID txId) {
        claimed.add(txId);
    }

    void remove(UUID txId, UUID device) {
        keys.remove(new Asked(txId, device));
    }

    void fail(@Nullable RuntimeException with) {
        failure = with;
    }

    /** Lets no reading end before that. */
    void hold(Mono<?> until) {
        held = until;
    }

    /** How many devices each reading asked for, in order. */
    List<Integer> reads() {
        return reads;
    }

    @Override
    public Mono<List<Standing>> read(List<Asked> asked) {
        return Mono.fromSupplier(
                        () -> {
                            reads.add(asked.size());
                            if (failure != null) {
                                throw failure;
                            }
                            return asked.stream().map(this::standing).toList();
                        })
                .delayUntil(_ -> held);
    }

    private Standing standing(Asked asked) {
        var expires = expiresNanos.get(asked.txId());
        if (expires == null) {
            return new Standing.Missing();
        }
        var left = Duration.ofNanos(expires - time.nanos());
        if (claimed.contains(asked.txId()) || !left.isPositive()) {
            return new Standing.Closed();
        }
        var key = keys.get(asked);
        if (key == null) {
            return new Standing.NoLongerAsked();
        }
        return key.address() == null
                ? new Standing.WithoutKey()
                : new Standing.Waiting(
                        key.address(), encryptionKeys.get(asked.device()), key.version(), left);
    }
}
