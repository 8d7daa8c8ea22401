package nod.standalone.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Sends signals that Java can't. */
final class Signals {

    private Signals() {}

    /** Sends it to all of them; processes that are gone are passed over. */
    static void send(String signal, LongStream pids) {
        var command = new ArrayList<>(List.of("kill", "-" + signal));
        pids.mapToObj(Long::toString).forEach(command::add);
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("can't send " + signal, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
