package nod.messaging.deadletter;

import nod.messaging.consume.Printable;

import org.apache.kafka.common.header.Header;
import org.springframework.kafka.support.KafkaHeaders;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.Set;

/** Shows dead letters to people. */
final class LetterPrinter {

    private static final Set<String> NUMBERS =
            Set.of(
                    KafkaHeaders.DLT_ORIGINAL_PARTITION,
                    KafkaHeaders.DLT_ORIGINAL_OFFSET,
                    KafkaHeaders.DLT_ORIGINAL_TIMESTAMP);

    private final PrintStream out;

    LetterPrinter(PrintStream out) {
        this.out = out;
    }

    /** What stands above the rows. */
    void head() {
        row("time", "state", "key", "topic", "partition", "offset", "why");
    }

    /** One letter in one line. */
    void row(Letter letter) {
        var place = letter.place();
        row(
                letter.time(),
                letter.fate().text(),
                Printable.text(letter.record().key()),
                place.topic(),
                place.partition(),
                place.offset(),
                why(letter));
    }

    private void row(Object... cells) {
        out.printf("%-24s  %-9s  %-36s  %-51s  %9s  %6s  %s%n", cells);
    }

    private static String why(Letter letter) {
        var message = header(letter, KafkaHeaders.DLT_EXCEPTION_MESSAGE);
        return header(letter, KafkaHeaders.DLT_EXCEPTION_FQCN) + ": " + message;
    }

    private static String header(Letter letter, String name) {
        var header = letter.record().headers().lastHeader(name);
        return Printable.text(header == null ? null : header.value());
    }

    /** All of one letter; the last line is its value. */
    void show(Letter letter) {
        var place = letter.place();
        line("topic", place.topic());
        line("group", letter.topic().group());
        line("partition", place.partition());
        line("offset", place.offset());
        line("time", letter.time());
        line("state", letter.fate().text());
        line("key", Printable.text(letter.record().key()));
        for (var header : letter.record().headers()) {
            line(Printable.text(header.key()), value(header));
        }
        out.println();
        out.println(Printable.text(letter.record().value()));
    }

    private void line(String name, Object value) {
        out.println(name + ": " + value);
    }

    private static Object value(Header header) {
        var bytes = header.value();
        if (bytes != null && NUMBERS.contains(header.key())) {
            switch (bytes.length) {
                case Integer.BYTES:
                    return ByteBuffer.wrap(bytes).getInt();
                case Long.BYTES:
                    return ByteBuffer.wrap(bytes).getLong();
                default:
                    break;
            }
        }
        return Printable.text(bytes);
    }
}
