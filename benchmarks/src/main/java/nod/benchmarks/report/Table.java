package nod.benchmarks.report;

import java.util.Locale;
import java.util.StringJoiner;

/** A table of Markdown. */
public final class Table {

    private final StringBuilder text = new StringBuilder();

    public Table(String... headings) {
        row((Object[]) headings);
        text.append("|---".repeat(headings.length)).append("|\n");
    }

    /** One more row; broken numbers get three digits that count. */
    public Table row(Object... cells) {
        var row = new StringJoiner(" | ", "| ", " |\n");
        for (var cell : cells) {
            row.add(cell instanceof Double number ? rounded(number) : cell.toString());
        }
        text.append(row);
        return this;
    }

    private static String rounded(double number) {
        int digits = number == 0 ? 1 : (int) Math.floor(Math.log10(Math.abs(number))) + 1;
        return String.format(Locale.ROOT, "%,." + Math.clamp(3 - digits, 0, 3) + "f", number);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
