package nod.benchmarks.raw;

import nod.benchmarks.report.Table;

import java.util.List;

/**
 * What a login would cost if it were nothing but its steps, whatever the code really does.
 *
 * @param steps each measured alone
 */
public record Floor(List<Measured> steps) {

    /** CPU time of everything on the machine for one login, in milliseconds. */
    public double cpuMillis() {
        return steps.stream().mapToDouble(step -> step.times() * step.cpuMicros()).sum() / 1000;
    }

    /** The steps, and what they come to. */
    public Table table() {
        var table = new Table("step, alone", "a second", "CPU µs each", "times a login", "CPU µs");
        steps.forEach(
                step ->
                        table.row(
                                step.name(),
                                step.perSecond(),
                                step.cpuMicros(),
                                step.times(),
                                step.times() * step.cpuMicros()));
        return table.row("floor", "", "", "", cpuMillis() * 1000);
    }
}
