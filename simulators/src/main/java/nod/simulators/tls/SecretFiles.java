package nod.simulators.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * Writes files whole or not at all, so that a start after a crash never reads half a key. Secret
 * ones are readable by their owner alone (mode 0600) where the file system knows modes.
 */
public final class SecretFiles {

    private SecretFiles() {}

    /**
     * Replaces the file by the text; nobody but the owner can read it at any moment.
     *
     * @throws UncheckedIOException when the file can't be written
     */
    public static void writeSecret(Path file, String text) {
        write(file, text, "rw-------");
    }

    /**
     * Replaces the file by the text, readable by everybody.
     *
     * @throws UncheckedIOException when the file can't be written
     */
    public static void writePublic(Path file, String text) {
        write(file, text, "rw-r--r--");
    }

    private static void write(Path file, String text, String mode) {
        try {
            Path folder =
                    Objects.requireNonNull(
                            file.toAbsolutePath().getParent(), "a file lies in a folder");
            Files.createDirectories(folder);
            Path fresh =
                    Files.createTempFile(
                            folder, file.getFileName().toString(), ".new", mode(folder, mode));
            Files.writeString(fresh, text, StandardCharsets.UTF_8);
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static FileAttribute<?>[] mode(Path folder, String mode) {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
                }
                : new FileAttribute<?>[0];
    }
}
