package nod.gateway.contract;

import org.springframework.web.util.UriUtils;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A path of the document, such as {@code /authenticators/mobile/{uuid}/}. */
record PathTemplate(String text, List<String> variables, Pattern pattern) {

    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z_]+)}");

    /** The literal before the variable, as OpenAPI asks for. */
    static final Comparator<PathTemplate> MOST_CONCRETE_FIRST =
            Comparator.comparing(template -> template.text.replace('{', '\uffff'));

    static PathTemplate of(String text) {
        return new PathTemplate(
                text,
                VARIABLE.matcher(text).results().map(variable -> variable.group(1)).toList(),
                Pattern.compile(VARIABLE.matcher(text).replaceAll("([^/]+)")));
    }

    /** The variables of a path as it stands in the request line; empty where it is another path. */
    Optional<Map<String, String>> match(String rawPath) {
        var match = pattern.matcher(rawPath);
        if (!match.matches()) {
            return Optional.empty();
        }
        var values = new LinkedHashMap<String, String>();
        for (int i = 0; i < variables.size(); i++) {
            values.put(
                    variables.get(i), UriUtils.decode(match.group(i + 1), StandardCharsets.UTF_8));
        }
        return Optional.of(values);
    }
}
