package nod.benchmarks.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** What Linux tells of processes below {@code /proc}. */
final class ProcFiles {

    /** USER_HZ: 100 on every Linux that Java runs on. */
    private static final long MILLIS_A_TICK = 10;

    private static final Path PROC = Path.of("/proc");

    // Counted after the name of the program, which is in brackets and may hold blanks.
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;
    private static final int CHILDRENS_USER_TIME = 13;
    private static final int CHILDRENS_SYSTEM_TIME = 14;

    private ProcFiles() {}

    /** CPU time of a process alone. */
    static Duration ownCpu(long pid) {
        return Duration.ofMillis(ticks(pid, USER_TIME, SYSTEM_TIME) * MILLIS_A_TICK);
    }

    /** CPU time of a process, its running descendants, and its children that have ended. */
    static Duration cpu(long pid) {
        var own = ticks(pid, USER_TIME, SYSTEM_TIME, CHILDRENS_USER_TIME, CHILDRENS_SYSTEM_TIME);
        var others = descendants(pid).map(child -> ticks(child, USER_TIME, SYSTEM_TIME)).sum();
        return Duration.ofMillis((own + others) * MILLIS_A_TICK);
    }

    /** What a process alone holds of the memory, in bytes. */
    static long ownMemory(long pid) {
        return number(pid, "smaps_rollup", "Pss:") * 1024;
    }

    /**
     * What a process and its descendants hold of the memory, in bytes: resident, and what several
     * share in equal parts.
     */
    static long memory(long pid) {
        return LongStream.concat(LongStream.of(pid), descendants(pid))
                .map(ProcFiles::ownMemory)
                .sum();
    }

    /** How many threads a process has. */
    static int threads(long pid) {
        return (int) number(pid, "status", "Threads:");
    }

    /** What a process has held of the memory at most, in bytes. */
    static long mostMemory(long pid) {
        return number(pid, "status", "VmHWM:") * 1024;
    }

    private static LongStream descendants(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .mapToLong(ProcessHandle::pid);
    }

    private static long ticks(long pid, int... fields) {
        var lines = lines(pid, "stat");
        if (lines.isEmpty()) {
            return 0;
        }
        var line = lines.getFirst();
        var values = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return Arrays.stream(fields).mapToLong(at -> Long.parseLong(values[at])).sum();
    }

    private static long number(long pid, String file, String key) {
        return lines(pid, file).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** Nothing of a process that is gone. */
    private static List<String> lines(long pid, String file) {
        try {
            return Files.readAllLines(PROC.resolve(Long.toString(pid)).resolve(file));
        } catch (NoSuchFileException gone) {
            return List.of();
        } catch (IOException e) {
            if (ProcessHandle.of(pid).isEmpty()) {
                return List.of();
            }
            throw new UncheckedIOException(e);
        }
    }
}
