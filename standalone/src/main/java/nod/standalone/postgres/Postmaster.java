package nod.standalone.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A server that runs on a data folder, as the folder's {@code postmaster.pid} tells.
 *
 * @param pid the process of the server
 * @param port where it listens
 * @param isReady false while it starts or stops
 */
record Postmaster(long pid, int port, boolean isReady) {
    private static final String FILE = "postmaster.pid";
    private static final int PID_LINE = 0;
    private static final int PORT_LINE = 3;
    private static final int STATUS_LINE = 7;

    /**
     * The living server of {@code folder}.
     *
     * <p>A file that names no living PostgreSQL is removed: after a restart of the machine its
     * number may belong to any process, and PostgreSQL would refuse to start.
     */
    static Optional<Postmaster> of(Path folder) throws IOException {
        var file = folder.resolve(FILE);
        var found = read(file).filter(Postmaster::isAlive);
        if (found.isEmpty()) {
            Files.deleteIfExists(file);
        }
        return found;
    }

    private static Optional<Postmaster> read(Path file) throws IOException {
        try {
            var lines = Files.readAllLines(file);
            return Optional.of(
                    new Postmaster(
                            Long.parseLong(lines.get(PID_LINE).strip()),
                            Integer.parseInt(lines.get(PORT_LINE).strip()),
                            lines.size() > STATUS_LINE
                                    && lines.get(STATUS_LINE).strip().equals("ready")));
        } catch (NoSuchFileException | NumberFormatException | IndexOutOfBoundsException nobody) {
            return Optional.empty();
        }
    }

    private boolean isAlive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(process -> process.info().command())
                .filter(PostgresPrograms::isPostgres)
                .isPresent();
    }
}
