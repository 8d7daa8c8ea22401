package nod.gateway.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/** A row for each numbered sentence of the page, and no other. */
class BehaviourIT {

    private static final Path PAGE = Path.of("../docs/behaviour.md");

    private static World world;

    @BeforeAll
    static void start() {
        world = new World();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    private static List<Row> rows() {
        return Stream.of(
                        new PathRows(world).rows(),
                        new CredentialRows(world).rows(),
                        new DeviceRows(world).rows(),
                        new PhoneRows(world).rows(),
                        new ProofRows(world).rows(),
                        new FieldRows(world).rows())
                .flatMap(List::stream)
                .toList();
    }

    private static SortedMap<Integer, String> sentences() throws IOException {
        return NumberedSentences.of(PAGE);
    }

    @Test
    void showsEverySentenceAndNothingElse() throws IOException {
        assertThat(rows())
                .extracting(Row::number)
                .containsExactlyElementsOf(sentences().keySet())
                .hasSizeGreaterThan(70);
    }

    @TestFactory
    Stream<DynamicTest> behavesAsThePageSays() throws IOException {
        var sentences = sentences();
        return rows().stream()
                .map(
                        row ->
                                DynamicTest.dynamicTest(
                                        row.number() + ". " + sentences.get(row.number()),
                                        row.shown()));
    }
}
