package nod.standalone.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/** Files and folders that only the user of this process may read. */
public final class PrivateFile {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 32;
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private PrivateFile() {}

    /**
     * The secret kept in {@code file}, made when there is none yet: 256 random bits as base64url.
     *
     * <p>A file that others could read is closed to them first.
     */
    public static String secret(Path file) {
        try {
            if (!Files.exists(file)) {
                write(file, newSecret());
            }
            restrict(file, "rw-------");
            return content(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't keep a secret in " + file, e);
        }
    }

    /** Makes {@code folder} and its parents; a folder made here can't be entered by others. */
    public static void makeFolder(Path folder) {
        try {
            Files.createDirectories(folder, attributes("rwx------"));
        } catch (IOException e) {
            throw new StartRefusedException(
                    "The folder %s can't be made: %s.".formatted(folder, e.getMessage()), e);
        }
    }

    private static String content(Path file) throws IOException {
        var secret = Files.readString(file).strip();
        if (secret.isEmpty()) {
            throw new StartRefusedException(
                    "The file %s is empty, a secret was expected: delete it to have a new one made."
                            .formatted(file));
        }
        return secret;
    }

    // Written beside and moved: a crash leaves either no secret or a whole one.
    private static void write(Path file, String secret) throws IOException {
        var draft = file.resolveSibling(file.getFileName() + ".draft");
        Files.deleteIfExists(draft);
        Files.createFile(draft, attributes("rw-------"));
        Files.writeString(draft, secret + "\n", StandardCharsets.US_ASCII, StandardOpenOption.SYNC);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void restrict(Path file, String permissions) throws IOException {
        if (POSIX) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        }
    }

    private static String newSecret() {
        var bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static FileAttribute<?>[] attributes(String permissions) {
        var set = POSIX ? Set.of(permissions) : Set.<String>of();
        return set.stream()
                .map(PosixFilePermissions::fromString)
                .map(PosixFilePermissions::asFileAttribute)
                .toArray(FileAttribute<?>[]::new);
    }
}
