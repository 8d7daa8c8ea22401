package nod.standalone.postgres;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;

import nod.standalone.host.PrivateFile;
import nod.standalone.host.StartRefusedException;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/** PostgreSQL's own programs, unpacked into a folder that only this user may write. */
final class PostgresPrograms {
    private static final boolean WINDOWS =
            System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    private static final int TIMEOUT_SECONDS = 60;

    private final Path home;
    private final Path log;

    private PostgresPrograms(Path home, Path log) {
        this.home = home;
        this.log = log;
    }

    /**
     * The programs that belong to this system.
     *
     * @param folder keeps what was unpacked, one folder below it for each version
     * @param log gets what the programs say
     */
    static PostgresPrograms unpackedIn(Path folder, Path log) {
        refuseRootWithoutNamespaces();
        try {
            var packed = packed();
            var home = folder.resolve(fingerprint(packed));
            if (!Files.exists(home)) {
                unpack(packed, folder, home);
            }
            return new PostgresPrograms(home, log);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't unpack PostgreSQL into " + folder, e);
        }
    }

    /**
     * Runs one of the programs to its end.
     *
     * @return its exit status
     */
    int run(String program, List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        if (LinuxUtils.isUnshareAvailable()) {
            // PostgreSQL refuses to run as root; in a user namespace of its own it is nobody.
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(home.resolve("bin").resolve(WINDOWS ? program + ".exe" : program).toString());
        command.addAll(arguments);
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(
                    "%s took longer than %d s, see %s".formatted(program, TIMEOUT_SECONDS, log));
        }
        return process.exitValue();
    }

    /** Whether {@code command} is a program of any version of PostgreSQL. */
    static boolean isPostgres(String command) {
        var name = Path.of(command).getFileName().toString();
        return name.equals("postgres") || name.equals("postgres.exe");
    }

    private static void refuseRootWithoutNamespaces() {
        if ("root".equals(System.getProperty("user.name")) && !LinuxUtils.isUnshareAvailable()) {
            throw new StartRefusedException(
                    "PostgreSQL refuses to run as root, and this system has no user namespaces to"
                            + " hide that (unshare -U): start as another user.");
        }
    }

    private static byte[] packed() throws IOException {
        try (var stream = resource()) {
            return stream.readAllBytes();
        }
    }

    private static InputStream resource() throws IOException {
        var system = system();
        var machine = System.getProperty("os.arch");
        try {
            return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine);
        } catch (IllegalStateException missing) {
            throw new StartRefusedException(
                    "No PostgreSQL for %s on %s is on the class path: build on the machine that runs it, or start the services against a PostgreSQL of your own."
                            .formatted(system, machine),
                    missing);
        }
    }

    private static String system() {
        var name = System.getProperty("os.name");
        return name.startsWith("Mac") ? "Darwin" : WINDOWS ? "Windows" : name;
    }

    private static String fingerprint(byte[] packed) {
        var checksum = new CRC32();
        checksum.update(packed);
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }

    // Unpacked beside and moved: a crash leaves either no programs or all of them.
    private static void unpack(byte[] packed, Path folder, Path home) throws IOException {
        PrivateFile.makeFolder(folder);
        var draft = Files.createTempDirectory(folder, "unpacking-");
        try (var tar =
                new TarArchiveInputStream(
                        new XZCompressorInputStream(new ByteArrayInputStream(packed)))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, draft.resolve(entry.getName()).normalize(), draft);
            }
        }
        Files.move(draft, home, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void unpack(
            TarArchiveInputStream tar, TarArchiveEntry entry, Path target, Path root)
            throws IOException {
        if (!target.startsWith(root)) {
            throw new IOException("PostgreSQL's archive leaves its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, target);
            target.toFile().setExecutable((entry.getMode() & 0100) != 0, true);
        }
    }
}
