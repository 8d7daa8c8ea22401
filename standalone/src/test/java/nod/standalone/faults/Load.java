package nod.standalone.faults;

import nod.standalone.faults.Authentik.Login;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Logins of every kind, arriving at a fixed rate, and at a higher one in a rush, whatever becomes
 * of the earlier ones. Which login is of which kind depends on the seed alone.
 */
final class Load implements AutoCloseable {

    private static final Duration PUSH = Duration.ofSeconds(4);
    private static final Duration DECISION = Duration.ofSeconds(60);
    private static final int EXPIRES_IN = 30;
    private static final int SHORTEST = 10;
    private static final List<String> MODES =
            List.of("accept_deny", "number_matching_2", "number_matching_3", "number_entry_6");

    /** What happens in a login, by how many of a hundred. */
    private enum Plot {
        APPROVED(52),
        DENIED(8),
        WRONG_ITEM(6),
        ANSWERED_TWICE(8),
        TWO_ANSWERS_AT_ONCE(8),
        CANCELLED(4),
        CANCELLED_WHILE_ANSWERED(4),
        SUPERSEDED(4),
        EXPIRED(3),
        ANSWERED_LATE(2),
        REPORTED(1);

        private final int share;

        Plot(int share) {
            this.share = share;
        }

        static Plot of(Random random) {
            var at = random.nextInt(100);
            for (var plot : values()) {
                at -= plot.share;
                if (at < 0) {
                    return plot;
                }
            }
            throw new IllegalStateException("the shares make a hundred");
        }
    }

    private final Crowd crowd;
    private final Authentik authentik;
    private final Random random;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger skipped = new AtomicInteger();
    private volatile long rushEnds = System.nanoTime();
    private long ticks;

    /**
     * How many logins begin each second.
     *
     * @param inARush a multiple of the usual ones
     */
    record Rate(int usual, int inARush) {}

    Load(Crowd crowd, long seed) {
        this.crowd = crowd;
        this.authentik = crowd.authentik;
        this.random = new Random(seed);
    }

    /** Lets logins begin. */
    void begin(Rate rate) {
        long tick = TimeUnit.SECONDS.toMicros(1) / rate.inARush();
        int others = rate.inARush() / rate.usual();
        clock.scheduleAtFixedRate(() -> tick(others), 0, tick, TimeUnit.MICROSECONDS);
    }

    /** From now on, and for so long, more begin. */
    void rush(Duration lasting) {
        rushEnds = System.nanoTime() + lasting.toNanos();
    }

    private void tick(int others) {
        boolean rushing = System.nanoTime() - rushEnds < 0;
        if (rushing || ticks++ % others == 0) {
            beginOne();
        }
    }

    /** Lets no more begin; returns when all are over. */
    void end() throws InterruptedException {
        clock.shutdown();
        threads.shutdown();
        if (!threads.awaitTermination(2, TimeUnit.MINUTES)) {
            throw new AssertionError(running.get() + " logins are not over after 2 minutes");
        }
    }

    /** Logins that could not begin because everybody was busy. */
    int skipped() {
        return skipped.get();
    }

    private void beginOne() {
        var plot = Plot.of(random);
        var mode = MODES.get(random.nextInt(MODES.size()));
        var pulls = random.nextBoolean();
        var person = crowd.idle.poll();
        if (person == null) {
            skipped.incrementAndGet();
            return;
        }
        running.incrementAndGet();
        threads.execute(
                () -> {
                    try {
                        play(person, plot, mode, pulls);
                    } finally {
                        running.decrementAndGet();
                        crowd.idle.add(person);
                    }
                });
    }

    private void play(Person person, Plot plot, String mode, boolean pulls) {
        var expiresIn = plot == Plot.EXPIRED || plot == Plot.ANSWERED_LATE ? SHORTEST : EXPIRES_IN;
        var started = authentik.start(person.user(), mode, expiresIn);
        if (started.isEmpty()) {
            return;
        }
        var login = started.get();
        if (plot == Plot.CANCELLED) {
            authentik.cancel(login);
        } else if (plot != Plot.EXPIRED) {
            awaitPush(person, login, pulls);
            answer(person, plot, mode, login);
        }
        authentik.awaitDecision(login, DECISION);
        if (plot == Plot.REPORTED) {
            authentik.release(person.user());
        }
    }

    /**
     * Whoever gets a push opens the app, which looks what it is asked. Of the others some open it
     * after a while, and some do nothing.
     */
    private static void awaitPush(Person person, Login login, boolean pulls) {
        if (person.first().awaitPush(login.txId(), PUSH) || pulls) {
            person.first().pull();
        }
    }

    private void answer(Person person, Plot plot, String mode, Login login) {
        var phone = person.first();
        switch (plot) {
            case APPROVED -> phone.answer(login.txId(), login.right());
            case DENIED -> phone.answer(login.txId(), "deny");
            case WRONG_ITEM -> phone.answer(login.txId(), wrong(login, mode));
            case REPORTED -> phone.answer(login.txId(), "report");
            case ANSWERED_TWICE -> {
                phone.answer(login.txId(), login.right());
                phone.answer(login.txId(), login.right());
            }
            case TWO_ANSWERS_AT_ONCE ->
                    both(
                            () -> phone.answer(login.txId(), login.right()),
                            () -> person.last().answer(login.txId(), "deny"));
            case CANCELLED_WHILE_ANSWERED ->
                    both(
                            () -> phone.answer(login.txId(), login.right()),
                            () -> authentik.cancel(login));
            case SUPERSEDED -> {
                authentik
                        .start(person.user(), mode, EXPIRES_IN)
                        .ifPresent(next -> person.last().answer(next.txId(), next.right()));
                phone.answer(login.txId(), login.right());
            }
            case ANSWERED_LATE -> {
                pauseUntilJustBefore(login);
                phone.answer(login.txId(), login.right());
            }
            case CANCELLED, EXPIRED -> throw new IllegalStateException(plot + " has no answer");
        }
    }

    private static String wrong(Login login, String mode) {
        return switch (mode) {
            case "accept_deny" -> "deny";
            case "number_entry_6" -> login.right().equals("123456") ? "654321" : "123456";
            default ->
                    login.items().stream()
                            .filter(item -> !item.equals(login.right()))
                            .findFirst()
                            .orElse("deny");
        };
    }

    private void both(Runnable one, Runnable other) {
        var begun = Thread.ofVirtual().start(other);
        one.run();
        try {
            begun.join();
        } catch (InterruptedException e) {
            begun.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    /** Up to 40 ms before the end, or after it: sometimes just in time, sometimes not. */
    private void pauseUntilJustBefore(Login login) {
        var end = Duration.between(crowd.history.now(), login.expires());
        var aim = end.toNanos() + ThreadLocalRandom.current().nextLong(-40_000_000, 20_000_000);
        if (aim > 0) {
            LockSupport.parkNanos(aim);
        }
    }

    /** Ends what is under way, without regard to what becomes of it. */
    @Override
    public void close() {
        clock.shutdownNow();
        threads.shutdownNow();
        // Whatever still ran would ask clients that are closed.
        threads.close();
    }
}
