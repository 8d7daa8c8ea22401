package nod.standalone.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

class DataFolderIT {
    private final Path folder;

    DataFolderIT(@TempDir Path folder) {
        this.folder = folder;
    }

    /** Owns a folder until it is killed. */
    static final class Owner {
        public static void main(String[] arguments) throws IOException {
            try (var owned = DataFolder.own(Path.of(arguments[0]), "data")) {
                assertThat(owned.path()).isDirectory();
                ChildJvm.stayUntilParentDies();
            }
        }
    }

    @Test
    void isRefusedWhileALivingProcessOwnsIt() throws Exception {
        try (var owner = ChildJvm.start(Owner.class, folder)) {
            owner.awaitLine(ChildJvm.READY);

            assertThatThrownBy(() -> DataFolder.own(folder, "nod.standalone.data"))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessage(
                            "The data folder %s belongs to another running Nod (process %d): stop"
                                    + " that one, or set nod.standalone.data to another folder.",
                            folder, owner.pid());
        }
    }

    @Test
    void isFreeAgainWhenItsOwnerWasKilled() throws Exception {
        try (var owner = ChildJvm.start(Owner.class, folder)) {
            owner.awaitLine(ChildJvm.READY);
            owner.kill();
        }

        try (var owned = DataFolder.own(folder, "nod.standalone.data")) {
            assertThat(owned.path()).isEqualTo(folder);
        }
    }

    @Test
    void isRefusedToASecondOwnerInTheSameProcess() {
        try (var owned = DataFolder.own(folder, "nod.standalone.data")) {
            assertThatThrownBy(() -> DataFolder.own(owned.path(), "nod.standalone.data"))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("belongs to another running Nod");
        }
    }
}
