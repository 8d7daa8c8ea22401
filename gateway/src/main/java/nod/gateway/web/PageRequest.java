package nod.gateway.web;

import com.fasterxml.jackson.annotation.JsonProperty;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

import java.util.List;

/**
 * The page of a list that a caller asks for, by {@code page} and {@code page_size}.
 *
 * @param page a number, {@code last}, or null for the first
 * @param size how many results a page has
 */
public record PageRequest(@Nullable String page, int size) {

    private static final int DEFAULT_SIZE = 100;
    private static final int MAX_SIZE = 1000;

    /** The page that the call's query names. */
    public static PageRequest of(Call call) {
        return new PageRequest(call.query("page"), size(call.query("page_size")));
    }

    private static int size(@Nullable String text) {
        try {
            var size = text == null ? DEFAULT_SIZE : Integer.parseInt(text);
            return size > 0 ? Math.min(size, MAX_SIZE) : DEFAULT_SIZE;
        } catch (NumberFormatException notANumber) {
            return DEFAULT_SIZE;
        }
    }

    /** The page among that many results; refuses one that does not exist. */
    public Page of(long count) {
        var pages = Math.max(1, (count + size - 1) / size);
        var number = number(pages);
        if (number < 1 || number > pages) {
            throw Refusal.of(HttpStatus.NOT_FOUND, "Invalid page.");
        }
        return new Page(number, pages, count, size);
    }

    private long number(long pages) {
        if (page == null) {
            return 1;
        }
        try {
            return page.equals("last") ? pages : Long.parseLong(page);
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    /**
     * A page that exists.
     *
     * @param number counted from 1
     * @param pages how many there are, at least 1
     * @param count how many results there are in all
     * @param size how many results a full page has
     */
    public record Page(long number, long pages, long count, int size) {

        /** How many results come before this page. */
        public long offset() {
            return (number - 1) * size;
        }

        /** The body of the answer: these results and where they stand in the list. */
        public <T> Paginated<T> with(List<T> results) {
            return new Paginated<>(
                    new Pagination(
                            number < pages ? number + 1 : 0,
                            number - 1,
                            count,
                            number,
                            pages,
                            count == 0 ? 0 : offset() + 1,
                            Math.min(count, offset() + size)),
                    results);
        }
    }

    /** authentik's envelope of a list. */
    public record Paginated<T>(Pagination pagination, List<T> results) {}

    /** Where a page stands; 0 for a next or previous page that does not exist. */
    public record Pagination(
            long next,
            long previous,
            long count,
            long current,
            @JsonProperty("total_pages") long totalPages,
            @JsonProperty("start_index") long startIndex,
            @JsonProperty("end_index") long endIndex) {}
}
