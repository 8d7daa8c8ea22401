package nod.benchmarks.login;

import nod.benchmarks.rig.Usage;

import java.time.Duration;

/**
 * What came of a run.
 *
 * @param rate at which logins arrived, a second
 * @param instances of each service
 * @param took from the first arrival until the last one was told
 * @param arrived logins
 * @param answersRefused answers of phones that were not taken
 * @param refused due time until the caller was told by 503 to come again
 * @param started due time until the caller had the answer to its start
 * @param pushed due time until the provider had received the push
 * @param answered the phone's answer until its 204
 * @param seen the phone's answer until the caller had the outcome
 * @param whole due time until the caller had the outcome
 * @param usage of all processes
 */
public record LoginResult(
        int rate,
        int instances,
        Duration took,
        long arrived,
        long answersRefused,
        Latency refused,
        Latency started,
        Latency pushed,
        Latency answered,
        Latency seen,
        Latency whole,
        Usage usage) {

    /** Logins that the caller saw accepted. */
    public long accepted() {
        return whole.count();
    }

    /** Logins that were refused or failed, expired, or were decided otherwise. */
    public long failed() {
        return arrived - accepted();
    }

    /** Accepted logins a second. */
    public double throughput() {
        return accepted() / (took.toMillis() / 1000.0);
    }

    /** CPU time of everything on the machine for one login, in milliseconds. */
    public double cpuMillis() {
        return usage.total().toMillis() / (double) Math.max(1, accepted());
    }
}
