package nod.standalone.faults;

import nod.simulators.fault.Provider;
import nod.standalone.faults.Evidence.Attempt;
import nod.standalone.faults.Evidence.TransactionRow;
import nod.standalone.faults.FaultRun.Struck;
import nod.standalone.faults.Violation.Promise;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** Whether pushes of one provider went out in time while the other one never answered. Pure. */
final class ProviderCheck {

    /** Fifty times what it takes, for the machine is busy. */
    private static final Duration IN_TIME = Duration.ofSeconds(3);

    private final Struck struck;
    private final Evidence evidence;
    private final Map<UUID, Provider> providers;
    private final Map<UUID, List<UUID>> asked;

    private ProviderCheck(Struck struck, Evidence evidence, Map<UUID, Provider> providers) {
        this.struck = struck;
        this.evidence = evidence;
        this.providers = providers;
        this.asked = evidence.asked();
    }

    /**
     * @param struck one provider never answers
     * @param providers of all devices
     */
    static List<Violation> check(Struck struck, Evidence evidence, Map<UUID, Provider> providers) {
        return new ProviderCheck(struck, evidence, providers).violations();
    }

    private List<Violation> violations() {
        return evidence.transactions().stream()
                .filter(this::beganMeanwhile)
                .flatMap(this::late)
                .toList();
    }

    private boolean beganMeanwhile(TransactionRow row) {
        return row.created().isAfter(struck.from()) && row.created().isBefore(struck.until());
    }

    private Stream<Violation> late(TransactionRow row) {
        if (row.closed().isBefore(row.created().plus(IN_TIME))) {
            return Stream.empty();
        }
        return asked.getOrDefault(row.txId(), List.of()).stream()
                .filter(device -> providers.get(device) != silent())
                .filter(device -> !wasPushedInTime(row, device))
                .map(
                        device ->
                                Violation.of(
                                        row,
                                        Promise.ONE_PROVIDER_NEVER_SLOWS_ANOTHER,
                                        "%s to %s".formatted(row.txId(), device)));
    }

    private Provider silent() {
        return Stream.of(Provider.values())
                .filter(provider -> struck.fault().kind().startsWith(provider.name()))
                .findFirst()
                .orElseThrow();
    }

    private boolean wasPushedInTime(TransactionRow row, UUID device) {
        return evidence.attempts().stream()
                .filter(attempt -> attempt.txId().equals(row.txId()))
                .filter(attempt -> device.equals(evidence.keys().get(attempt.key())))
                .map(Attempt::at)
                .anyMatch(at -> at.isBefore(row.created().plus(IN_TIME)));
    }
}
