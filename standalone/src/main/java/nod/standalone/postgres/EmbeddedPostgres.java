package nod.standalone.postgres;

import nod.standalone.host.Port;
import nod.standalone.host.PrivateFile;
import nod.standalone.host.StartRefusedException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A PostgreSQL server on loopback with a database for the services.
 *
 * <p>The server is a process of its own in a session of its own: it outlives a killed JVM, and the
 * next start on the same folder adopts it. What was committed survives the death of either process.
 * Everybody has to give the password that is kept beside the data.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final String SUPERUSER = "postgres";
    private static final String DATABASE = "nod";
    private static final String USER = "nod";

    /** Those that the migrations know, and grant what the service of that name needs. */
    private static final List<String> SERVICE_ROLES =
            List.of("nod_gateway", "nod_dispatcher", "nod_response_collector");

    private static final String LOOPBACK = "127.0.0.1";

    private final Path data;
    private final Path log;
    private final int port;
    private final boolean adopted;
    private final String password;
    private final PostgresPrograms programs;

    private EmbeddedPostgres(
            Layout layout, int port, boolean adopted, String password, PostgresPrograms programs) {
        this.data = layout.data();
        this.log = layout.log();
        this.port = port;
        this.adopted = adopted;
        this.password = password;
        this.programs = programs;
    }

    /**
     * Where things lie.
     *
     * @param data the server's own folder
     * @param programs keeps the unpacked programs
     * @param password the file with the password, made when missing
     * @param log what the server says
     */
    public record Layout(Path data, Path programs, Path password, Path log) {}

    /**
     * Returns when the database of the services can be used.
     *
     * @param port where it shall listen; with number 0 any free one, or that of an adopted server
     * @throws StartRefusedException when the port is taken or PostgreSQL can't run here
     */
    public static EmbeddedPostgres start(Layout layout, Port port) throws InterruptedException {
        try {
            var programs = PostgresPrograms.unpackedIn(layout.programs(), layout.log());
            var password = PrivateFile.secret(layout.password());
            initializeIfNew(layout, programs);
            var running = runningServer(layout.data(), port, programs);
            var actual = running.map(Postmaster::port).orElseGet(() -> port.reserve().number());
            var server =
                    new EmbeddedPostgres(layout, actual, running.isPresent(), password, programs);
            if (running.isEmpty()) {
                server.startServer();
            }
            server.prepareDatabase();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't start PostgreSQL on " + layout.data(), e);
        }
    }

    public int port() {
        return port;
    }

    /** Whether the server was left behind by a killed process and is used again. */
    public boolean isAdopted() {
        return adopted;
    }

    public String r2dbcUrl() {
        return "r2dbc:postgresql://%s:%d/%s".formatted(LOOPBACK, port, DATABASE);
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://%s:%d/%s".formatted(LOOPBACK, port, DATABASE);
    }

    /** Who owns the tables: migrates, and may do everything in the database. */
    public String user() {
        return USER;
    }

    /** The password of all users; not for any log or screen. */
    public String password() {
        return password;
    }

    /** Ends connections, writes everything and returns when the server is gone. */
    @Override
    public void close() {
        try {
            stop(data, programs);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't stop PostgreSQL on " + data, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Stops a server that a killed process left behind on {@code data}, if there is one.
     *
     * @return whether there was one
     */
    public static boolean stopLeftBehind(Layout layout) throws IOException, InterruptedException {
        if (Postmaster.of(layout.data()).isEmpty()) {
            return false;
        }
        stop(layout.data(), PostgresPrograms.unpackedIn(layout.programs(), layout.log()));
        return true;
    }

    // Made beside and moved: a crash leaves either no cluster or a whole one.
    private static void initializeIfNew(Layout layout, PostgresPrograms programs)
            throws IOException, InterruptedException {
        if (Files.exists(layout.data())) {
            return;
        }
        var draft = layout.data().resolveSibling(layout.data().getFileName() + ".initializing");
        deleteTree(draft);
        var status =
                programs.run(
                        "initdb",
                        List.of(
                                "--pgdata=" + draft,
                                "--username=" + SUPERUSER,
                                "--pwfile=" + layout.password(),
                                "--auth=scram-sha-256",
                                "--encoding=UTF8",
                                // The same order of texts on every system.
                                "--locale-provider=builtin",
                                "--builtin-locale=C.UTF-8",
                                "--locale=C"));
        if (status != 0) {
            throw failed("initdb", status, layout.log());
        }
        Files.move(draft, layout.data(), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void deleteTree(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    // One left behind half-way or on another port than the wanted one is of no use: it is stopped.
    private static Optional<Postmaster> runningServer(
            Path data, Port wanted, PostgresPrograms programs)
            throws IOException, InterruptedException {
        var running = Postmaster.of(data);
        var usable =
                running.filter(Postmaster::isReady)
                        .filter(server -> wanted.number() == 0 || wanted.number() == server.port());
        if (running.isPresent() && usable.isEmpty()) {
            stop(data, programs);
        }
        return usable;
    }

    private void startServer() throws IOException, InterruptedException {
        var options =
                String.join(
                        " ",
                        "-p " + port,
                        "-c listen_addresses=" + LOOPBACK,
                        "-c unix_socket_directories=",
                        "-c fsync=on",
                        "-c synchronous_commit=on",
                        "-c full_page_writes=on",
                        "-c timezone=UTC",
                        "-c max_connections=200");
        var status =
                programs.run(
                        "pg_ctl",
                        List.of(
                                "start",
                                "--wait",
                                "--timeout=30",
                                "--pgdata=" + data,
                                "--log=" + log,
                                "--options=" + options));
        if (status != 0) {
            throw failed("pg_ctl start", status, log);
        }
    }

    private static void stop(Path data, PostgresPrograms programs)
            throws IOException, InterruptedException {
        programs.run(
                "pg_ctl",
                List.of("stop", "--wait", "--timeout=10", "--mode=fast", "--pgdata=" + data));
    }

    private void prepareDatabase() throws IOException {
        try (var connection = superuserConnection()) {
            createUserIfMissing(connection, USER);
            for (var role : SERVICE_ROLES) {
                createUserIfMissing(connection, role);
            }
            createDatabaseIfMissing(connection);
        } catch (SQLException e) {
            throw new IOException(
                    "PostgreSQL on port %d refuses the password kept beside its data, or is not ours"
                            .formatted(port),
                    e);
        }
    }

    private Connection superuserConnection() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d/postgres".formatted(LOOPBACK, port), SUPERUSER, password);
    }

    // Nobody is a superuser here either, so that what works here works elsewhere.
    private void createUserIfMissing(Connection connection, String user) throws SQLException {
        if (isMissing(connection, "SELECT 1 FROM pg_roles WHERE rolname = '" + user + "'")) {
            execute(connection, "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(user, password));
        }
    }

    private static void createDatabaseIfMissing(Connection connection) throws SQLException {
        if (isMissing(connection, "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
            execute(connection, "CREATE DATABASE %s OWNER %s".formatted(DATABASE, USER));
        }
    }

    private static boolean isMissing(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            return !rows.next();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static IOException failed(String program, int status, Path log) throws IOException {
        var lines = Files.readAllLines(log);
        return new IOException(
                "%s ended with status %d: %s (all of it in %s)"
                        .formatted(
                                program,
                                status,
                                String.join(
                                        " | ",
                                        lines.subList(Math.max(0, lines.size() - 5), lines.size())),
                                log));
    }
}
