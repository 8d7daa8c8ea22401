package nod.gateway.web;

import org.springframework.http.HttpStatus;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/**
 * Parses JSON strictly: what two readers could take for two things, or what the database could not
 * keep as it is, is refused with 400 and told where it stands. Pure.
 */
final class JsonText {

    /** No body of the contract is deeper than 3; {@code info.others} may hold anything. */
    private static final int MAX_DEPTH = 100;

    /** Far more than any number needs; the cost of reading one grows with its square. */
    private static final int MAX_DIGITS = 1000;

    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxNumberLength(MAX_DIGITS)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build();

    private JsonText() {}

    /** The value; refuses what is not UTF-8 or no JSON, and what is not certain to be meant. */
    static JsonNode parse(byte[] bytes) {
        try {
            var node = JSON.readTree(utf8(bytes));
            if (node.isMissingNode()) {
                throw refusal("no JSON");
            }
            checkNumbers(node);
            if (texts(node).anyMatch(JsonText::hasLoneSurrogate)) {
                throw refusal("half of a surrogate pair, expected whole characters");
            }
            return node;
        } catch (CharacterCodingException notUtf8) {
            throw refusal("expected UTF-8");
        } catch (JacksonException malformed) {
            throw refusal(reason(malformed));
        }
    }

    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private static String reason(JacksonException malformed) {
        var what =
                switch (malformed) {
                    case StreamConstraintsException _ ->
                            "expected at most %d levels and numbers of at most %d digits"
                                    .formatted(MAX_DEPTH, MAX_DIGITS);
                    // Nothing else is mapped to a tree that could fail so.
                    case MismatchedInputException _ ->
                            "a name twice in one object, or more than one value";
                    default -> "no JSON";
                };
        var where = malformed.getLocation();
        return where == null
                ? what
                : "%s: line %d column %d".formatted(what, where.getLineNr(), where.getColumnNr());
    }

    /** As many readers take numbers for doubles, a larger one would be infinite to them. */
    private static void checkNumbers(JsonNode node) {
        if (node.isNumber() && !Double.isFinite(node.doubleValue())) {
            throw refusal("a number that is too large for a double");
        }
        node.values().forEach(JsonText::checkNumbers);
    }

    private static boolean hasLoneSurrogate(String text) {
        return text.codePoints()
                .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** Every text in it: the names of its fields and its strings. */
    static Stream<String> texts(JsonNode node) {
        return node.isString()
                ? Stream.of(node.stringValue())
                : Stream.concat(
                        node.propertyNames().stream(), node.valueStream().flatMap(JsonText::texts));
    }

    private static Refusal refusal(String reason) {
        return Refusal.of(HttpStatus.BAD_REQUEST, "JSON parse error - " + reason);
    }
}
