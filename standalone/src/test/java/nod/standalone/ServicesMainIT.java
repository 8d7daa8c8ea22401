package nod.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import nod.standalone.host.ChildJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

class ServicesMainIT {

    @Test
    void aChildThatCantStartSaysWhy(@TempDir Path folder) throws Exception {
        var settings = folder.resolve("dispatcher.properties");
        Files.writeString(settings, "nod.messaging.outbox.sweep-age=soon\n");

        try (var child = ChildJvm.start(ServicesMain.class, settings)) {
            child.awaitLine("Failed to bind properties under 'nod.messaging.outbox.sweep-age'");
            assertThat(child.awaitExit()).isEqualTo(1);
        }
    }
}
