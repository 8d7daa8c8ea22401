package nod.standalone.faults;

import nod.standalone.faults.FaultRun.Struck;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What came of a run.
 *
 * @param skipped logins that could not begin because everybody was busy
 */
record Report(List<Struck> struck, Evidence evidence, List<Violation> violations, int skipped) {

    private static final Duration NEAR = Duration.ofSeconds(1);

    /**
     * What the clients did when a fault struck.
     *
     * @param near operations under way within a second of it
     * @param open of those, the ones whose result the client could not know when it struck
     * @param unanswered of those within a second, the ones that never got an answer
     */
    record Row(Struck struck, long near, long open, long unanswered, long violations) {

        static Row of(Struck one, List<Operation> operations, List<Violation> violations) {
            var near =
                    operations.stream()
                            .filter(operation -> operation.isWithin(NEAR, one.from()))
                            .toList();
            return new Row(
                    one,
                    near.size(),
                    near.stream().filter(operation -> operation.wasOpenAt(one.from())).count(),
                    near.stream().filter(operation -> !operation.isKnown()).count(),
                    violations.stream().filter(violation -> violation.isBy(one)).count());
        }

        String kind() {
            return struck.fault().kind();
        }

        /** Whether it was a fault that could have done harm. */
        boolean counts() {
            return near >= 100 && open + unanswered >= 1;
        }
    }

    List<Row> rows() {
        return struck.stream().map(one -> Row.of(one, evidence.operations(), violations)).toList();
    }

    /** The kinds that never struck while enough was going on. */
    Set<String> kindsThatDoNotCount() {
        var kinds = rows().stream().map(Row::kind).collect(Collectors.toCollection(TreeSet::new));
        rows().stream().filter(Row::counts).map(Row::kind).forEach(kinds::remove);
        return kinds;
    }

    /** A table in Markdown, a row for each fault. */
    String text() {
        var text = new StringBuilder();
        text.append(
                """

                | fault | lasted | operations within 1 s | open then | never answered | violations | works again after |
                |---|---|---|---|---|---|---|
                """);
        rows().forEach(row -> text.append(line(row)));
        text.append(
                """

                %d faults, %d transactions, %d requests (%d of them without an answer, %d answered 503), %d records, %d pushes, %d violations, slowest recovery %s, %d logins skipped
                """
                        .formatted(
                                struck.size(),
                                evidence.transactions().size(),
                                evidence.operations().size(),
                                count(Operation.UNKNOWN),
                                count(503),
                                evidence.records().size(),
                                evidence.attempts().size(),
                                violations.size(),
                                seconds(slowest()),
                                skipped));
        violations.stream().limit(50).forEach(one -> text.append("- ").append(one).append('\n'));
        return text.toString();
    }

    private long count(int status) {
        return evidence.operations().stream()
                .filter(operation -> operation.status() == status)
                .count();
    }

    private Duration slowest() {
        return struck.stream()
                .map(Struck::recovery)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private static String line(Row row) {
        return "| %s | %s | %d | %d | %d | %d | %s |%n"
                .formatted(
                        row.struck().fault().kind(),
                        seconds(Duration.between(row.struck().from(), row.struck().until())),
                        row.near(),
                        row.open(),
                        row.unanswered(),
                        row.violations(),
                        seconds(row.struck().recovery()));
    }

    private static String seconds(Duration duration) {
        return "%.1f s".formatted(Objects.requireNonNull(duration).toMillis() / 1000.0);
    }
}
