package nod.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;

/** The sources still hold the words that the broken builds change. */
class BrokenBuildsTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("nod.standalone.faults.BrokenBuilds#all")
    void compiles(BrokenBuild build, @TempDir Path folder) throws Exception {
        assertThat(build.compile(folder)).isDirectoryRecursivelyContaining("glob:**.class");
    }
}
