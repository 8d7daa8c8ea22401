package nod.standalone.host;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A JVM of its own on the same class path, to be killed or to be watched refusing to start. */
public final class ChildJvm implements AutoCloseable {
    /** What a child prints once it can be killed. */
    public static final String READY = "the child may be killed now";

    private static final int EXIT_SECONDS = 60;

    private final Process process;
    private final BufferedReader output;
    private final List<String> lines = new ArrayList<>();

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    public static ChildJvm start(Class<?> main, Object... arguments) throws IOException {
        return start(Map.of(), main, arguments);
    }

    public static ChildJvm start(
            Map<String, String> environment, Class<?> main, Object... arguments)
            throws IOException {
        return start(System.getProperty("java.class.path"), environment, main, arguments);
    }

    /** With the classes and resources of that folder before those of this class path. */
    public static ChildJvm startChanged(Path before, Class<?> main, Object... arguments)
            throws IOException {
        var path = before + File.pathSeparator + System.getProperty("java.class.path");
        return start(path, Map.of(), main, arguments);
    }

    /** As it is delivered: without a class or a file of the tests. */
    public static ChildJvm startDelivered(Class<?> main, Object... arguments) throws IOException {
        return start(deliveredClassPath(), Map.of(), main, arguments);
    }

    private static ChildJvm start(
            String classPath, Map<String, String> environment, Class<?> main, Object... arguments)
            throws IOException {
        var command = new ArrayList<>(command());
        command.addAll(List.of("-cp", classPath, main.getName()));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("NOD_API_KEY");
        builder.environment().putAll(environment);
        return new ChildJvm(builder.start());
    }

    /**
     * The program and its options, before class path and main class. Most of a child's work is to
     * start: with one compiler, and a heap of which little is touched, that costs much less.
     */
    public static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Xms64m",
                "-Xmn32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow");
    }

    /** This class path without the tests' own classes and files. */
    public static String deliveredClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(part -> !part.endsWith("test-classes") && !part.endsWith("-tests.jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** For the child: says that it is ready, then waits for the end of its parent. */
    public static void stayUntilParentDies() throws IOException {
        System.out.println(READY);
        System.in.read();
        Runtime.getRuntime().halt(2);
    }

    /** Reads up to the first line that contains {@code text}, and returns that line. */
    public String awaitLine(String text) throws IOException {
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.contains(text)) {
                return line;
            }
        }
        throw new AssertionError("The child ended before it said '" + text + "': " + lines);
    }

    /** As {@code kill -9}: nothing in the child gets to know. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** As {@code kill}, or Ctrl-C: the child is asked to stop. */
    public void terminate() {
        // Process.destroy would close the child's output too.
        process.toHandle().destroy();
    }

    /** Waits for the child's end and returns its exit status. */
    public int awaitExit() throws IOException, InterruptedException {
        output.lines().forEach(lines::add);
        if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("The child doesn't end: " + lines);
        }
        return process.exitValue();
    }

    /** Everything that was read from the child so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
