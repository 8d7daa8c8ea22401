package nod.dispatcher.settings;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that settings name, checked at start. */
final class SettingFiles {

    private SettingFiles() {}

    static Path readable(String key, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new InvalidSettingException(
                    key, file, "a file that exists and that this process may read");
        }
        return file;
    }

    static Trust trust(String key, @Nullable Path pem) {
        if (pem == null) {
            return Trust.DEFAULT;
        }
        try {
            return Trust.in(readable(key, pem));
        } catch (IOException unusable) {
            throw new InvalidSettingException(key, pem, "a PEM file with at least one certificate");
        }
    }
}
