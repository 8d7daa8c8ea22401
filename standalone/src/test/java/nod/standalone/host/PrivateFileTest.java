package nod.standalone.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

class PrivateFileTest {
    private final Path folder;

    PrivateFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void makesASecretOf256BitsOnce() {
        var file = folder.resolve("secret");

        var secret = PrivateFile.secret(file);

        assertThat(Base64.getUrlDecoder().decode(secret)).hasSize(32);
        assertThat(PrivateFile.secret(file)).isEqualTo(secret);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void letsNobodyElseReadIt() throws IOException {
        var file = folder.resolve("secret");
        PrivateFile.secret(file);
        assertThat(permissions(file)).isEqualTo("rw-------");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        PrivateFile.secret(file);
        assertThat(permissions(file)).isEqualTo("rw-------");
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        var file = Files.createFile(folder.resolve("secret"));

        assertThatThrownBy(() -> PrivateFile.secret(file))
                .isInstanceOf(StartRefusedException.class)
                .hasMessage(
                        "The file %s is empty, a secret was expected: delete it to have a new one"
                                + " made.",
                        file);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void makesFoldersThatNobodyElseCanEnter() throws IOException {
        var made = folder.resolve("a/b");

        PrivateFile.makeFolder(made);

        assertThat(permissions(made)).isEqualTo("rwx------");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
