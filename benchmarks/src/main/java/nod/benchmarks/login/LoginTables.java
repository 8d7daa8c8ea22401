package nod.benchmarks.login;

import nod.benchmarks.report.Table;

/** What is read of a run of logins. */
public final class LoginTables {

    private LoginTables() {}

    /** Counts, latencies and costs. */
    public static String of(LoginResult result) {
        return counts(result) + "\n" + latencies(result) + "\n" + costs(result);
    }

    private static Table counts(LoginResult result) {
        return new Table(
                        "instances",
                        "arrived",
                        "a second",
                        "accepted",
                        "failed",
                        "of them starts refused",
                        "answers refused",
                        "CPU ms a login")
                .row(
                        result.instances(),
                        result.arrived(),
                        result.rate(),
                        result.accepted(),
                        result.failed(),
                        result.refused().count(),
                        result.answersRefused(),
                        result.cpuMillis());
    }

    private static Table latencies(LoginResult result) {
        var table = new Table("ms", "p50", "p95", "p99", "p99.9", "longest");
        add(table, "due → start answered", result.started());
        if (result.refused().count() > 0) {
            add(table, "due → start refused", result.refused());
        }
        add(table, "due → provider received", result.pushed());
        add(table, "phone's answer → its 204", result.answered());
        add(table, "phone's answer → caller sees it", result.seen());
        add(table, "due → caller sees it", result.whole());
        return table;
    }

    private static void add(Table table, String what, Latency latency) {
        table.row(
                what,
                latency.percentile(50),
                latency.percentile(95),
                latency.percentile(99),
                latency.percentile(99.9),
                latency.longest());
    }

    private static Table costs(LoginResult result) {
        var table = new Table("process", "CPU s", "CPU µs a login", "memory MB");
        double logins = Math.max(1, result.accepted());
        result.usage()
                .cpu()
                .forEach(
                        (part, cpu) ->
                                table.row(
                                        part,
                                        cpu.toMillis() / 1000.0,
                                        cpu.toMillis() * 1000 / logins,
                                        result.usage().memory().getOrDefault(part, 0L) >> 20));
        return table;
    }
}
