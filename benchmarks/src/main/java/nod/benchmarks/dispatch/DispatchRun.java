package nod.benchmarks.dispatch;

import nod.benchmarks.growth.Database;
import nod.benchmarks.report.Table;
import nod.benchmarks.rig.Rig;
import nod.simulators.fault.Fault;
import nod.simulators.fault.Provider;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** From the record of a start to the published report, with nothing else running. */
public final class DispatchRun {

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String DISPATCHER = "dispatcher";

    private final Rig rig;
    private final int size;
    private final Duration delay;

    /**
     * @param size of the backlog
     * @param delay after which the provider answers
     */
    public DispatchRun(Rig rig, int size, Duration delay) {
        this.rig = rig;
        this.size = size;
        this.delay = delay;
    }

    /** Through both providers, one after the other. */
    public Table measure() {
        rig.process("gateway").close();
        rig.process("response-collector").close();
        var table =
                new Table(
                        "provider",
                        "takes",
                        "reports",
                        "reports a second",
                        "CPU µs a report",
                        "memory MB at most");
        add(table, measure(Provider.FCM, "android"));
        add(table, measure(Provider.APNS, "ios"));
        return table;
    }

    private void add(Table table, DispatchResult result) {
        table.row(
                result.provider(),
                delay,
                result.reports(),
                result.perSecond(),
                result.cpuMicros(),
                result.memory() >> 20);
    }

    /** A first backlog warms the dispatcher up, the second one is measured. */
    private DispatchResult measure(Provider provider, String platform) {
        rig.simulators().faults().set(provider, new Fault.Delay(delay));
        work(provider, platform);
        return work(provider, platform);
    }

    private DispatchResult work(Provider provider, String platform) {
        var dispatcher = rig.process(DISPATCHER);
        try (var database = Database.of(rig);
                var reports = new Reports(rig.bootstrapServers())) {
            var backlog = new Backlog(size);
            backlog.writeRows(database, platform);
            dispatcher.pause();
            backlog.publish(rig.bootstrapServers());
            dispatcher.resume();
            return watch(provider, reports);
        }
    }

    private DispatchResult watch(Provider provider, Reports reports) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        long began = await(reports, size / 10, end);
        long first = reports.count();
        var before = rig.process(DISPATCHER).cpu();
        long ended = await(reports, size - size / 10, end);
        long last = reports.count();
        var cpu = rig.process(DISPATCHER).cpu().minus(before);
        await(reports, size, end);
        return new DispatchResult(
                provider.label(),
                reports.count(),
                (last - first) / ((ended - began) / 1e9),
                cpu.toNanos() / 1e3 / Math.max(1, last - first),
                rig.process(DISPATCHER).mostMemory());
    }

    /** Returns when that was. */
    private static long await(Reports reports, long wanted, long end) {
        while (reports.count() < wanted && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return System.nanoTime();
    }
}
