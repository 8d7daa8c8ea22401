package nod.simulators.inbox;

import nod.simulators.wire.Reaction;
import nod.simulators.wire.WireRequest;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What one provider received, per push key, in memory and within {@link InboxLimits}. Safe for any
 * number of threads.
 */
public final class Inbox {

    private static final String AUTHORIZATION = "authorization";
    private static final int CREDENTIALS = 100;

    private final InboxLimits limits;
    private final Clock clock;
    // In the order of the latest message, so that the first key is the one silent longest.
    private final LinkedHashMap<String, Deque<Received>> keys =
            new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, List<CompletableFuture<List<Received>>>> waiting = new HashMap<>();
    private final Set<String> credentials = new LinkedHashSet<>();
    private long sequence;
    private int total;

    /** An empty one. */
    public Inbox(InboxLimits limits, Clock clock) {
        this.limits = limits;
        this.clock = clock;
    }

    /** Keeps a message and tells those who wait for the key's next one. */
    public void add(String key, WireRequest request, Reaction reaction) {
        Instant now = clock.instant();
        WireRequest kept = withoutCredential(request);
        String credential = request.header(AUTHORIZATION);
        List<CompletableFuture<List<Received>>> told;
        Received received;
        synchronized (keys) {
            received = new Received(++sequence, now, kept, reaction);
            remember(credential);
            keep(key, received);
            told = waiting.getOrDefault(key, List.of());
            waiting.remove(key);
        }
        // Outside the lock: what a waiter does next is its own affair.
        told.forEach(waiter -> waiter.complete(List.of(received)));
    }

    /** What is kept for the key and came after that sequence number (0: everything), in order. */
    public List<Received> received(String key, long after) {
        synchronized (keys) {
            Deque<Received> messages = keys.getOrDefault(key, new ArrayDeque<>());
            return messages.stream().filter(one -> one.sequence() > after).toList();
        }
    }

    /** Everything that is kept for the key, in order. */
    public List<Received> received(String key) {
        return received(key, 0);
    }

    /**
     * What came after that sequence number, as soon as there is anything. Cancel it when nobody
     * waits any longer.
     */
    public CompletableFuture<List<Received>> next(String key, long after) {
        CompletableFuture<List<Received>> waiter = new CompletableFuture<>();
        synchronized (keys) {
            List<Received> there = received(key, after);
            if (!there.isEmpty()) {
                return CompletableFuture.completedFuture(there);
            }
            waiting.computeIfAbsent(key, fresh -> new ArrayList<>()).add(waiter);
        }
        waiter.whenComplete((value, failure) -> forget(key, waiter));
        return waiter;
    }

    /**
     * What came after that sequence number, waiting for it if need be.
     *
     * @return nothing if the time is up
     */
    public List<Received> await(String key, long after, Duration atMost)
            throws InterruptedException {
        CompletableFuture<List<Received>> next = next(key, after);
        try {
            return next.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            next.cancel(false);
            return List.of();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing completes a waiter with a failure", e);
        } catch (CancellationException e) {
            throw new IllegalStateException("nobody else cancels this waiter", e);
        }
    }

    /** The push keys for which anything is kept, the one silent longest first. */
    public List<String> keys() {
        synchronized (keys) {
            return List.copyOf(keys.keySet());
        }
    }

    /**
     * The credentials that messages came with, as their headers said; the first hundred, each once.
     * For tests that look whether the caller tells them to anybody else.
     */
    public List<String> credentials() {
        synchronized (keys) {
            return List.copyOf(credentials);
        }
    }

    private void remember(@Nullable String credential) {
        if (credential != null && credentials.size() < CREDENTIALS) {
            credentials.add(credential);
        }
    }

    /** Forgets what was received for the key. */
    public void clear(String key) {
        synchronized (keys) {
            Deque<Received> gone = keys.remove(key);
            total -= gone == null ? 0 : gone.size();
        }
    }

    /** Forgets everything. */
    public void clear() {
        synchronized (keys) {
            keys.clear();
            total = 0;
        }
    }

    private void keep(String key, Received received) {
        Deque<Received> messages = keys.computeIfAbsent(key, fresh -> new ArrayDeque<>());
        messages.addLast(received);
        total++;
        if (messages.size() > limits.perKey()) {
            messages.removeFirst();
            total--;
        }
        if (keys.size() > limits.keys()) {
            total -= keys.pollFirstEntry().getValue().size();
        }
        while (total > limits.total()) {
            dropTheOldestOfTheKeySilentLongest();
        }
    }

    private void dropTheOldestOfTheKeySilentLongest() {
        Deque<Received> oldest = keys.firstEntry().getValue();
        oldest.removeFirst();
        total--;
        if (oldest.isEmpty()) {
            keys.pollFirstEntry();
        }
    }

    private void forget(String key, CompletableFuture<List<Received>> waiter) {
        synchronized (keys) {
            waiting.computeIfPresent(
                    key,
                    (same, waiters) -> {
                        waiters.remove(waiter);
                        return waiters.isEmpty() ? null : waiters;
                    });
        }
    }

    private static WireRequest withoutCredential(WireRequest request) {
        String credential = request.header(AUTHORIZATION);
        if (credential == null) {
            return request;
        }
        Map<String, String> headers = new HashMap<>(request.headers());
        int blank = credential.indexOf(' ');
        headers.put(AUTHORIZATION, credential.substring(0, blank + 1) + "[REDACTED]");
        return new WireRequest(
                request.protocol(),
                request.method(),
                request.path(),
                Map.copyOf(headers),
                request.body());
    }
}
