package nod.gateway.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

class MergerTest {

    private final Map<String, Object> merged = new HashMap<>();

    @Test
    void putsTheMethodsOfAPathTogether() {
        Merger.merge(merged, Map.of("/a/", Map.of("get", 1)));
        Merger.merge(merged, Map.of("/a/", Map.of("post", 2, "get", 1), "/b/", Map.of("put", 3)));

        assertThat(merged)
                .isEqualTo(Map.of("/a/", Map.of("get", 1, "post", 2), "/b/", Map.of("put", 3)));
    }

    @Test
    void refusesTwoMeaningsOfAName() {
        Merger.merge(merged, Map.of("schemas", Map.of("Lock", Map.of("type", "object"))));

        assertThatThrownBy(
                        () ->
                                Merger.merge(
                                        merged,
                                        Map.of(
                                                "schemas",
                                                Map.of("Lock", Map.of("type", "string")))))
                .hasMessage("two documents differ about 'Lock' of schemas");
    }
}
