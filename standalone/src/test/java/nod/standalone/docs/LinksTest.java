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

/** Holds the links between the pages and to files of the repository against what is there. */
class LinksTest {

    @TestFactory
    List<DynamicTest> everyLinkLeadsSomewhere() {
        return Page.all().stream()
                .map(
                        page ->
                                DynamicTest.dynamicTest(
                                        page.toString(),
                                        () -> assertThat(Links.broken(page)).isEmpty()))
                .toList();
    }

    @Test
    void looksAtThePagesThatReadersBeginWith() {
        assertThat(Page.all())
                .extracting(Page::toString)
                .contains("README.md", "CONTRIBUTING.md", "docs/flow.md", "docs/adr/README.md");
    }

    @Test
    void missesAFile(@TempDir Path folder) throws IOException {
        assertThat(
                        brokenIn(
                                folder,
                                "See [there](there.md), [here](page.md) and"
                                        + " [nod](https://nod.test)."))
                .containsExactly("there.md");
    }

    @Test
    void missesAHeading(@TempDir Path folder) throws IOException {
        var text =
                """
                # One thing

                ## Another: `thing`, too

                [1](#one-thing) [2](page.md#another-thing-too) [3](#a-third-thing)
                """;
        assertThat(brokenIn(folder, text)).containsExactly("#a-third-thing");
    }

    @Test
    void takesCodeForNoLinkAndNoHeading(@TempDir Path folder) throws IOException {
        var text =
                """
                `[not](a-link.md)`

                ```sh
                # no heading
                cat "[not](a-link.md)"
                ```

                [1](#no-heading)
                """;
        assertThat(brokenIn(folder, text)).containsExactly("#no-heading");
    }

    private List<String> brokenIn(Path folder, String text) throws IOException {
        return Links.broken(Page.at(Files.writeString(folder.resolve("page.md"), text)));
    }
}
