package nod.standalone.faults;

import static org.assertj.core.api.Assertions.assertThat;

import nod.standalone.faults.Violation.Promise;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether the checker would notice: services that are broken on purpose, compiled from their own
 * sources with a few words changed, do harm, and it names which.
 */
@Tag("alone")
@EnabledIfSystemProperty(
        named = "nod.faults.broken",
        matches = "true",
        disabledReason = "it takes some six minutes; -Dnod.faults.broken=true runs it")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrokenBuildsIT {

    private Cluster cluster;
    private Path folder;

    /** Something that is done to the system; it may take long. */
    private interface Story {
        void play(Scenarios scenarios) throws Exception;
    }

    @BeforeAll
    void start(@TempDir Path system) {
        folder = system;
        cluster = Cluster.start(system.resolve("system"), 1, Duration.ZERO);
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    static Stream<Arguments> builds() {
        return Stream.of(
                of(BrokenBuilds.PUBLISH_BEFORE_COMMIT, "gateway", Scenarios::refuseACommit),
                of(BrokenBuilds.NO_OUTBOX, "gateway", Scenarios::loseAGatewayWhileKafkaStandsStill),
                of(BrokenBuilds.UNCONDITIONAL_KEY_DROP, "gateway", Scenarios::repeatADeadKey),
                of(BrokenBuilds.ANSWER_AFTER_EXPIRY, "gateway", Scenarios::answerTooLate),
                of(
                        BrokenBuilds.UNCONDITIONAL_DECISION,
                        "response-collector",
                        Scenarios::repeatARecord),
                of(
                        BrokenBuilds.SWEEP_IGNORES_CLAIMS,
                        "response-collector",
                        Scenarios::hideAnAnswer),
                of(
                        BrokenBuilds.OFFSET_BEFORE_SEND,
                        "dispatcher",
                        Scenarios::loseADispatcherBeforeThePush),
                of(BrokenBuilds.PUSH_WITHOUT_READ, "dispatcher", Scenarios::answerBeforeThePush));
    }

    private static Arguments of(BrokenBuild build, String service, Story story) {
        return Arguments.of(build, service, story);
    }

    @Test
    @Order(1)
    void theSystemAsItIsComesThroughAll() throws Exception {
        for (var arguments : builds().map(Arguments::get).toList()) {
            assertThat(promisesBrokenBy((Story) arguments[2]))
                    .as("without: %s", arguments[0])
                    .isEmpty();
        }
    }

    @Order(2)
    @ParameterizedTest(name = "{0}")
    @MethodSource("builds")
    void theCheckerNamesIt(BrokenBuild build, String service, Story story) throws Exception {
        mendAllBut(service);
        var node = node(service);
        node.patch(build.compile(folder.resolve(build.name())));
        restart(node);

        assertThat(promisesBrokenBy(story)).contains(build.breaks());
    }

    /** Only one service is broken at a time. */
    private void mendAllBut(String service) {
        for (var node : cluster.services()) {
            if (node.isPatched() && !node.name().startsWith(service)) {
                node.patch(null);
                restart(node);
            }
        }
    }

    private Set<Promise> promisesBrokenBy(Story story) throws Exception {
        try (var crowd = Crowd.enrol(cluster, 1)) {
            var began = crowd.began();
            story.play(new Scenarios(cluster, crowd));
            new Rest(cluster).awaitAsFarAsItComes();
            var evidence = new EvidenceReader(cluster, crowd, began).read(List.of());
            return Checker.check(evidence).stream()
                    .map(Violation::promise)
                    .collect(Collectors.toSet());
        }
    }

    private JvmNode node(String service) {
        return cluster.services().stream()
                .filter(node -> node.name().startsWith(service))
                .findFirst()
                .orElseThrow();
    }

    private static void restart(JvmNode node) {
        node.terminate();
        node.start();
        node.awaitReady();
    }
}
