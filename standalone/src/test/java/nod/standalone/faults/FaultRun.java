package nod.standalone.faults;

import nod.standalone.faults.Evidence.Disturbance;
import nod.standalone.faults.Violation.Promise;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Strikes the system under load with one fault after the other, lets it come to rest, and has the
 * checker look at what is left. For one thread.
 */
final class FaultRun implements AutoCloseable {

    private static final Duration REST = Duration.ofMillis(500);

    /** A fault strikes in the midst of a rush: it is to find much under way. */
    private static final Duration RUSH = Duration.ofSeconds(2);

    private static final int LOOKERS = 16;

    /** How often a fault strikes at most, until it does so while enough is going on. */
    private static final int TIMES = 3;

    private final Cluster cluster;
    private final Crowd crowd;
    private final Load load;
    private final Random random;
    private final List<Struck> struck = new ArrayList<>();

    /**
     * A fault that has struck.
     *
     * @param from when it began
     * @param until when it was mended
     * @param recovery from the end of the cause until a login begun after it had gone through
     */
    record Struck(Fault fault, Instant from, Instant until, Duration recovery) {

        Disturbance disturbance() {
            return new Disturbance(fault.kind(), from, until, fault.pushesLate());
        }
    }

    FaultRun(Cluster cluster, Crowd crowd, long seed) {
        this.cluster = cluster;
        this.crowd = crowd;
        this.random = new Random(seed);
        this.load = new Load(crowd, random.nextLong());
    }

    /** Lets nobody log in any more. */
    @Override
    public void close() {
        load.close();
    }

    /**
     * Runs each kind of fault once, and again and again for as long as there is time.
     *
     * @return what came of it
     */
    Report run(Load.Rate logins, Duration atLeast) throws Exception {
        var probe = new Probe(crowd, crowd.takeOne());
        var deadline = crowd.history.now().plus(atLeast);
        load.begin(logins);
        // What never did a login yet would have to recover from that as well.
        probe.begin().join();
        do {
            for (var fault : new Faults(cluster, random).all()) {
                strikeUntilItCounts(fault, probe);
            }
        } while (crowd.history.now().isBefore(deadline));
        load.end();
        new Rest(cluster).await();
        lookAtAll();
        return report();
    }

    private void strikeUntilItCounts(Fault fault, Probe probe) throws Exception {
        for (int time = 0; time < TIMES; time++) {
            strike(fault, probe);
            LockSupport.parkNanos(REST.toNanos());
            if (Report.Row.of(struck.getLast(), crowd.history.operations(), List.of()).counts()) {
                return;
            }
        }
    }

    private void strike(Fault fault, Probe probe) throws Exception {
        load.rush(RUSH);
        LockSupport.parkNanos(RUSH.dividedBy(2).toNanos());
        var from = crowd.history.now();
        fault.begin().run();
        LockSupport.parkNanos(fault.hold().toNanos());
        var recovery = probe.begin();
        fault.mend().run();
        var until = crowd.history.now();
        struck.add(new Struck(fault, from, until, recovery.join()));
    }

    /** The clients look at every transaction once more. */
    private void lookAtAll() throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(LOOKERS)) {
            var looks =
                    crowd.history.promisedIds().stream()
                            .map(txId -> threads.submit(() -> crowd.authentik.show(txId)))
                            .toList();
            for (var look : looks) {
                look.get();
            }
        }
    }

    private Report report() throws SQLException {
        var evidence =
                new EvidenceReader(cluster, crowd, Instant.EPOCH)
                        .read(struck.stream().map(Struck::disturbance).toList());
        var violations = new ArrayList<>(Checker.check(evidence));
        violations.addAll(failedWhileRolling(evidence));
        struck.stream()
                .filter(one -> one.fault().kind().endsWith(Faults.NEVER_ANSWERS))
                .map(one -> ProviderCheck.check(one, evidence, crowd.providers()))
                .forEach(violations::addAll);
        return new Report(struck, evidence, violations, load.skipped());
    }

    private List<Violation> failedWhileRolling(Evidence evidence) {
        return struck.stream()
                .filter(one -> one.fault().kind().equals(Faults.ROLLING))
                .flatMap(
                        one ->
                                evidence.operations().stream()
                                        .filter(Operation::failed)
                                        .filter(operation -> operation.isWithin(one)))
                .map(
                        operation ->
                                new Violation(
                                        Promise.NO_REQUEST_FAILS_WHILE_ROLLING,
                                        operation.sent(),
                                        operation.toString()))
                .toList();
    }
}
