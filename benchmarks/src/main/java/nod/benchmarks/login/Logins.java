package nod.benchmarks.login;

import nod.benchmarks.login.Login.Shown;
import nod.benchmarks.rig.Rig;
import nod.benchmarks.rig.Usage;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The logins of one run: what they do beside the caller's requests, and what is measured of them.
 * Thread-safe.
 */
final class Logins implements AutoCloseable {

    private static final int SIGNERS = 2;

    private final Rig rig;
    private final Crowd crowd;
    private final int rate;
    private final Duration duration;
    private final boolean warmUp;
    private final Arrivals arrivals;
    private final Line line;
    private final ExecutorService signers = Executors.newFixedThreadPool(SIGNERS);
    private final AtomicLong turn = new AtomicLong();
    private final LongAdder answersRefused = new LongAdder();
    private final Latency refused = new Latency();
    private final Latency started = new Latency();
    private final Latency pushed = new Latency();
    private final Latency answered = new Latency();
    private final Latency seen = new Latency();
    private final Latency whole = new Latency();
    private Usage before;
    private Usage after;
    private long began;
    private long ended;

    /**
     * @param warmUp whether the rate is reached slowly; times are of no use then
     */
    Logins(Rig rig, Crowd crowd, int rate, Duration duration, boolean warmUp) {
        this.warmUp = warmUp;
        this.rig = rig;
        this.crowd = crowd;
        this.rate = rate;
        this.duration = duration;
        arrivals = new Arrivals(rate, System::nanoTime);
        line = new Line(rig.gateways());
        before = rig.usage();
        after = before;
    }

    int rate() {
        return rate;
    }

    Duration duration() {
        return duration;
    }

    boolean isWarmUp() {
        return warmUp;
    }

    /** Where the next request goes: each gateway has its turn. */
    URI gateway() {
        List<URI> gateways = rig.gateways();
        return gateways.get((int) (turn.getAndIncrement() % gateways.size()));
    }

    /** Nothing has arrived yet. */
    void begin() {
        before = rig.usage();
        began = System.nanoTime();
    }

    /** Everybody has gone. */
    void end() {
        ended = System.nanoTime();
        after = rig.usage();
    }

    /** One arrives. Its phone answers by itself as soon as it was asked and knows what to say. */
    Login arrive() {
        var login = new Login(crowd.next(), arrivals.next(), UUID.randomUUID().toString());
        login.pushed().thenAccept(at -> pushed.record(login.due(), at));
        login.shown().thenCombineAsync(login.pushed(), (shown, _) -> answer(login, shown), signers);
        return login;
    }

    private Login answer(Login login, Shown shown) {
        var answer = login.phone().answer(shown.txId(), shown.item());
        login.answeredAt(System.nanoTime());
        line.send(answer)
                .whenComplete(
                        (status, failure) -> {
                            if (failure != null || status != 204) {
                                answersRefused.increment();
                            }
                            answered.record(login.answered(), System.nanoTime());
                        });
        return login;
    }

    /** The caller was told by 503 to come again. */
    void refused(Login login) {
        refused.record(login.due(), System.nanoTime());
    }

    /** The caller was told that it is on its way. */
    void started(Login login, Shown shown) {
        started.record(login.due(), System.nanoTime());
        login.shown().complete(shown);
    }

    /** The caller was told that it was accepted. */
    void accepted(Login login) {
        long now = System.nanoTime();
        seen.record(login.answered(), now);
        whole.record(login.due(), now);
    }

    /** What came of it, once it has ended. */
    LoginResult result() {
        return new LoginResult(
                rate,
                rig.gateways().size(),
                Duration.ofNanos(ended - began),
                (long) rate * duration.toSeconds(),
                answersRefused.sum(),
                refused,
                started,
                pushed,
                answered,
                seen,
                whole,
                after.since(before));
    }

    @Override
    public void close() {
        signers.shutdown();
        line.close();
    }
}
