package nod.benchmarks.waiting;

import nod.benchmarks.growth.Database;
import nod.benchmarks.login.Crowd;
import nod.benchmarks.login.Latency;
import nod.benchmarks.login.Line;
import nod.benchmarks.login.Phone;
import nod.benchmarks.report.Table;
import nod.benchmarks.rig.Rig;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Half of the callers poll, the other half read server-sent events; some of them are told. */
public final class WaitingRun {

    /** No long poll ends by itself before all is measured: it waits for 60 seconds. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private static final Duration SETTLE = Duration.ofSeconds(3);
    private static final int ANSWERS = 1000;

    /** Within the 60 seconds, each crowd is told before the next one comes. */
    private static final int WARM_UP_SECONDS = 40;

    private static final int WARM_UP_CROWDS = 3;

    /** One that may be answered for a long time, by the only phone. */
    private static final String OPEN =
            """
            INSERT INTO transaction (tx_id, user_id, devices, mode, item, items, title, body, context, expires)
            SELECT tx_id, 'user-0', ARRAY[?::uuid], 'accept_deny', 'accept', ARRAY['accept', 'deny'],
                    'Sign-in request', 'Approve?', '{}', now() + interval '10 min'
            FROM unnest(?::uuid[]) AS tx_id
            """;

    private static final String COMMITS =
            "SELECT xact_commit FROM pg_stat_database WHERE datname = 'nod'";

    private final Rig rig;
    private final int size;
    private final int rate;
    private final Clock clock = Clock.systemUTC();

    /**
     * @param size of the crowd that waits
     * @param rate of answers, a second
     */
    public WaitingRun(Rig rig, int size, int rate) {
        this.rig = rig;
        this.size = size;
        this.rate = rate;
    }

    /** Tells its tables. */
    public void measure(Consumer<Table> results) throws InterruptedException {
        var phone = Crowd.enrol(rig, 1).next();
        try (var database = Database.of(rig);
                var room = new WaitingRoom(rig.gateways().getFirst(), size, clock)) {
            var result = measure(phone, database, room);
            results.accept(result.costs());
            results.accept(result.latency());
        }
    }

    private WaitingResult measure(Phone phone, Database database, WaitingRoom room) {
        warmUp(phone, database, room);
        var callers = callers(size, phone, database);
        double idle = commitsASecond(database);
        var before = state();
        room.enter(callers);
        awaitCallers();
        double waiting = commitsASecond(database);
        var during = state();
        var answered = callers.subList(0, Math.min(ANSWERS, size));
        answer(phone, answered);
        pause(SETTLE);
        return new WaitingResult(
                size, before, during, waiting, idle, answered.size(), latency(answered, database));
    }

    private void warmUp(Phone phone, Database database, WaitingRoom room) {
        for (int crowd = 0; crowd < WARM_UP_CROWDS; crowd++) {
            var callers = callers(rate * WARM_UP_SECONDS, phone, database);
            room.enter(callers);
            answer(phone, callers);
        }
    }

    private static List<Caller> callers(int count, Phone phone, Database database) {
        var callers =
                IntStream.range(0, count)
                        .mapToObj(i -> new Caller(UUID.randomUUID(), i % 2 == 0))
                        .toList();
        var ids = callers.stream().map(Caller::txId).toArray(UUID[]::new);
        database.write(OPEN, phone.device(), ids);
        database.analyze();
        return callers;
    }

    private GatewayState state() {
        var gateway = rig.process("gateway");
        long heap = gateway.heapAfterCollection();
        return new GatewayState(gateway.threads(), heap, gateway.memory());
    }

    private void awaitCallers() {
        long end = System.nanoTime() + LOOK.multipliedBy(3).toNanos();
        while (rig.metric("gateway", "nod_waiting_callers") < size && System.nanoTime() < end) {
            pause(Duration.ofMillis(200));
        }
    }

    private static double commitsASecond(Database database) {
        // The statistics of a connection are written when it has been idle for a second.
        pause(Duration.ofSeconds(1));
        long before = database.number(COMMITS);
        pause(LOOK);
        return (database.number(COMMITS) - before) / (double) LOOK.toSeconds();
    }

    private void answer(Phone phone, List<Caller> answered) {
        try (var line = new Line(rig.gateways())) {
            Flux.fromIterable(answered)
                    .delayElements(Duration.ofSeconds(1).dividedBy(rate))
                    .flatMap(
                            caller ->
                                    Mono.fromFuture(
                                            line.send(
                                                    phone.answer(
                                                            caller.txId().toString(), "accept"))))
                    .blockLast();
        }
    }

    private static Latency latency(List<Caller> answered, Database database) {
        var told = new Latency();
        var decisions = database.decisions();
        for (var caller : answered) {
            var decided = decisions.get(caller.txId());
            var seen = caller.told();
            if (decided != null && seen != null) {
                told.record(0, Duration.between(decided, seen).toNanos());
            }
        }
        return told;
    }

    private static void pause(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
    }
}
