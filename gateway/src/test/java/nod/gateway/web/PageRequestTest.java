package nod.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.gateway.web.PageRequest.Pagination;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class PageRequestTest {

    private static Pagination pagination(String page, int size, long count) {
        return new PageRequest(page, size).of(count).with(List.of()).pagination();
    }

    @Test
    void countsPagesAndIndexesFromOne() {
        assertThat(pagination("1", 10, 25)).isEqualTo(new Pagination(2, 0, 25, 1, 3, 1, 10));
        assertThat(pagination("2", 10, 25)).isEqualTo(new Pagination(3, 1, 25, 2, 3, 11, 20));
        assertThat(pagination("3", 10, 25)).isEqualTo(new Pagination(0, 2, 25, 3, 3, 21, 25));
        assertThat(pagination("last", 10, 25)).isEqualTo(pagination("3", 10, 25));
    }

    @Test
    void hasOneEmptyPageOfNothing() {
        assertThat(pagination("1", 10, 0)).isEqualTo(new Pagination(0, 0, 0, 1, 1, 0, 0));
        assertThat(pagination("last", 10, 0)).isEqualTo(pagination("1", 10, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "4", "one", "1.0", "99999999999999999999"})
    void refusesAPageThatThereIsNot(String page) {
        assertThatThrownBy(() -> pagination(page, 10, 25))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("Invalid page.");
    }
}
