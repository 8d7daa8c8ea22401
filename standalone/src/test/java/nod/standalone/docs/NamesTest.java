package nod.standalone.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Holds the names that the pages use against the code: a topic, a class or a table that is renamed
 * has to be renamed there, too. Decisions speak of their own time and are left out.
 */
class NamesTest {

    /** Capitalised words in code font that are no classes of ours. */
    private static final Set<String> FOREIGN =
            Set.of(
                    "Accept",
                    "Allow",
                    "Authorization",
                    "BadDeviceToken",
                    "Bearer",
                    "DPoP",
                    "Date",
                    "Ed25519",
                    "EdDSA",
                    "DescribeConfigs",
                    "Forwarded",
                    "Host",
                    "IdempotentWrite",
                    "TransactionalOperator",
                    "XContract",
                    "XTest");

    private final Names names = Names.ofTheCode();

    @TestFactory
    List<DynamicTest> everyNameExists() {
        return Page.all().stream()
                .filter(page -> !page.toString().startsWith("docs/adr/"))
                .map(
                        page ->
                                DynamicTest.dynamicTest(
                                        page.toString(),
                                        () -> assertThat(names.unknownIn(page, FOREIGN)).isEmpty()))
                .toList();
    }

    @Test
    void everyTableIsExplained() {
        var explained = Page.rows(Page.named("flow.md").section("## Who does what"));
        assertThat(explained)
                .extracting(row -> Page.names(row.getFirst()).getFirst())
                .containsExactlyInAnyOrderElementsOf(names.tables().keySet());
    }

    @Test
    void missesATopic(@TempDir Path folder) throws IOException {
        assertThat(
                        unknownIn(
                                folder,
                                """
                                push.outcome.decided.v1, push.outcome.decided.v2,
                                `push.delivery.reported.v1.gateway-dlt`,
                                `push.delivery.reported.v1.dispatcher-dlt`
                                """))
                .containsExactly(
                        "push.outcome.decided.v2", "push.delivery.reported.v1.dispatcher-dlt");
    }

    @Test
    void missesAClass(@TempDir Path folder) throws IOException {
        assertThat(
                        unknownIn(
                                folder,
                                "`Starts`, `StandaloneMain`, `RacesIT`, `NoSuchThing`, `Nothing`"))
                .containsExactly("NoSuchThing", "Nothing");
    }

    @Test
    void missesATableAndAColumn(@TempDir Path folder) throws IOException {
        assertThat(
                        unknownIn(
                                folder,
                                """
                                The table `outbox`, the tables `device`, `devise` and `inbox`;
                                `device.push_key` and `device.pull_key`
                                """))
                .containsExactly("devise", "inbox", "device.pull_key");
    }

    private List<String> unknownIn(Path folder, String text) throws IOException {
        var page = Page.at(Files.writeString(folder.resolve("page.md"), text));
        return names.unknownIn(page, FOREIGN);
    }
}
