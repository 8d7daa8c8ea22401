package nod.standalone.docs;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.contract.Leniency;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

/** Holds {@code docs/api.md} against what the tests grant. */
class ApiPageTest {

    @Test
    void namesEveryLeniency() {
        var rows = Page.rows(Page.named("api.md").section("## What is taken beyond the document"));

        assertThat(rows.stream().map(row -> Page.names(row.getFirst()).getFirst()))
                .containsExactlyElementsOf(
                        Arrays.stream(Leniency.values()).map(Leniency::name).toList());
    }
}
