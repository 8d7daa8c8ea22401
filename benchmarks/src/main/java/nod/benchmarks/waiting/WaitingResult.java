package nod.benchmarks.waiting;

import nod.benchmarks.login.Latency;
import nod.benchmarks.report.Table;

/**
 * What waiting callers cost and what they get.
 *
 * @param callers that wait
 * @param before the gateway without them
 * @param during the gateway while they wait and nothing is decided
 * @param transactionsASecond that the database committed meanwhile, whoever's
 * @param idleTransactionsASecond that it committed before they came
 * @param answered logins that were answered
 * @param told from the decision in the database until its caller had it
 */
record WaitingResult(
        int callers,
        GatewayState before,
        GatewayState during,
        double transactionsASecond,
        double idleTransactionsASecond,
        int answered,
        Latency told) {

    Table costs() {
        return new Table(
                        "callers",
                        "threads before",
                        "with them",
                        "heap MB before",
                        "with them",
                        "memory MB before",
                        "with them",
                        "database transactions/s before",
                        "with them")
                .row(
                        callers,
                        before.threads(),
                        during.threads(),
                        before.heap() >> 20,
                        during.heap() >> 20,
                        before.memory() >> 20,
                        during.memory() >> 20,
                        idleTransactionsASecond,
                        transactionsASecond);
    }

    Table latency() {
        return new Table(
                        "answered", "callers told", "decision → caller p50 ms", "p99 ms", "longest")
                .row(
                        answered,
                        told.count(),
                        told.percentile(50),
                        told.percentile(99),
                        told.longest());
    }
}
