package nod.standalone.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder that keeps everything, owned by this process until it is closed or dies.
 *
 * <p>The lock is the operating system's: a killed process leaves none behind.
 */
public final class DataFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel lockFile;

    private DataFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Takes {@code path}, making it when it is missing.
     *
     * @param setting the property that names another folder
     * @throws StartRefusedException when a living process owns it, or it can't be written
     */
    public static DataFolder own(Path path, String setting) {
        var folder = path.toAbsolutePath().normalize();
        PrivateFile.makeFolder(folder);
        try {
            return new DataFolder(folder, lock(folder, setting));
        } catch (IOException e) {
            throw new StartRefusedException(
                    "The data folder %s can't be written (%s): mend that, or set %s to another folder."
                            .formatted(folder, e.getMessage(), setting),
                    e);
        }
    }

    public Path path() {
        return path;
    }

    public Path resolve(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't release " + path, e);
        }
    }

    private static FileChannel lock(Path folder, String setting) throws IOException {
        var file = folder.resolve("lock");
        var channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        if (!isLocked(channel)) {
            var owner = read(channel);
            channel.close();
            throw owned(folder, owner, setting);
        }
        channel.truncate(0);
        channel.write(
                StandardCharsets.US_ASCII.encode(Long.toString(ProcessHandle.current().pid())), 0);
        return channel;
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException ownedByThisProcess) {
            return false;
        }
    }

    // Where locks are mandatory the owner's number can't be read; the sentence does without it.
    private static String read(FileChannel channel) {
        try {
            var bytes = ByteBuffer.allocate(32);
            channel.read(bytes, 0);
            return StandardCharsets.US_ASCII.decode(bytes.flip()).toString().strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static StartRefusedException owned(Path folder, String owner, String setting) {
        return new StartRefusedException(
                "The data folder %s belongs to another running Nod%s: stop that one, or set %s to another folder."
                        .formatted(
                                folder,
                                owner.isEmpty() ? "" : " (process " + owner + ")",
                                setting));
    }
}
