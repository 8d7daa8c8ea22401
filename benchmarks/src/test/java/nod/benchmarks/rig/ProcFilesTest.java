package nod.benchmarks.rig;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;

@EnabledOnOs(OS.LINUX)
class ProcFilesTest {

    private static final long ITSELF = ProcessHandle.current().pid();

    @Test
    void readsWhatThisProcessHasUsed() {
        assertThat(ProcFiles.ownCpu(ITSELF)).isPositive();
        assertThat(ProcFiles.ownMemory(ITSELF)).isGreaterThan(10 << 20);
        assertThat(ProcFiles.threads(ITSELF)).isGreaterThan(1);
        assertThat(ProcFiles.mostMemory(ITSELF)).isGreaterThan(10 << 20);
    }

    @Test
    void countsAChildThatHasEnded() throws IOException, InterruptedException {
        // A shell that waits for a child that was busy.
        var shell = new ProcessBuilder("sh", "-c", BUSY_CHILD).start();
        try (var said = shell.inputReader()) {
            assertThat(said.readLine()).isEqualTo("ended");
            assertThat(ProcFiles.cpu(shell.pid())).isGreaterThan(ProcFiles.ownCpu(shell.pid()));
        } finally {
            shell.destroy();
            shell.waitFor();
        }
    }

    private static final String BUSY_CHILD =
            "(i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done) & wait; echo ended; read end";

    @Test
    void knowsNothingOfAProcessThatIsGone() throws IOException, InterruptedException {
        var gone = new ProcessBuilder("true").start();
        gone.waitFor();
        assertThat(ProcFiles.cpu(gone.pid())).isZero();
        assertThat(ProcFiles.memory(gone.pid())).isZero();
    }
}
