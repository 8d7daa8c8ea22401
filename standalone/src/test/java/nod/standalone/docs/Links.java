package nod.standalone.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** The links of a page that stay within the repository. */
final class Links {

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

    private Links() {}

    /** Those that lead to no file, or to no heading of it, as they are written. */
    static List<String> broken(Page page) {
        return LINK.matcher(page.prose().replaceAll("`[^`\n]*`", ""))
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.matches("[a-z]+:.*"))
                .filter(link -> !leadsSomewhere(page, link))
                .toList();
    }

    private static boolean leadsSomewhere(Page page, String link) {
        var parts = link.split("#", 2);
        var target = parts[0].isEmpty() ? page.file() : beside(page).resolve(parts[0]);
        return Files.exists(target)
                && (parts.length == 1 || anchors(Page.at(target)).contains(parts[1]));
    }

    private static Path beside(Page page) {
        return Objects.requireNonNull(page.file().getParent());
    }

    /** What a forge makes of the headings: a repeated one is numbered. */
    private static Set<String> anchors(Page page) {
        var anchors = new HashSet<String>();
        HEADING.matcher(page.prose())
                .results()
                .map(heading -> anchor(heading.group(1)))
                .forEach(
                        anchor -> {
                            var name = anchor;
                            for (int again = 1; !anchors.add(name); again++) {
                                name = anchor + "-" + again;
                            }
                        });
        return anchors;
    }

    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }
}
