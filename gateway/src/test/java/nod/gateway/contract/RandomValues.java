package nod.gateway.contract;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigInteger;
import java.util.List;
import java.util.random.RandomGenerator;

/** Values that nobody would think of, made from a seed. */
final class RandomValues {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final List<String> ODD =
            List.of(
                    "",
                    " ",
                    "\t\n",
                    "\u0000",
                    "a\u0000b",
                    "\ud83d",
                    "😀",
                    "e\u0301",
                    "\u202eRTL",
                    "\uFEFF",
                    "'; DROP TABLE device; --",
                    "<script>alert(1)</script>",
                    "../../etc/passwd",
                    "%00",
                    "%",
                    "_",
                    "\\",
                    "\"",
                    "null",
                    "true",
                    "-1",
                    "0",
                    "1e400",
                    "NaN",
                    "last",
                    "accept",
                    "report",
                    "00000000-0000-0000-0000-000000000000",
                    "00000000-0000-0000-0000-00000000000G",
                    "x".repeat(64),
                    "x".repeat(65),
                    "x".repeat(256),
                    "é".repeat(1025),
                    "x".repeat(5000));

    private final RandomGenerator random;

    RandomValues(RandomGenerator random) {
        this.random = random;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** Any text, long or empty, with any character or half of one. */
    String anyText() {
        return chance(0.6) ? oneOf(ODD) : text(1 + below(40));
    }

    /** A text of so many characters that every field takes: none blank, NUL or half a pair. */
    String text(int length) {
        var text = new StringBuilder();
        while (text.length() < length) {
            int character =
                    switch (below(4)) {
                        case 0 -> 'a' + below(26);
                        case 1 -> 0x21 + below(0x5e);
                        case 2 -> 0xa1 + below(0x200);
                        default -> 0x1f600 + below(0x40);
                    };
            text.appendCodePoint(character);
        }
        return text.toString();
    }

    /** Any JSON value, nested to that depth at most. */
    JsonNode anyJson(int depth) {
        return switch (below(depth == 0 ? 6 : 8)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.booleanNode(chance(0.5));
            case 2 -> JSON.numberNode(random.nextInt(-10, 700));
            case 3 -> JSON.numberNode(BigInteger.ONE.shiftLeft(below(400)).negate());
            case 4 -> JSON.numberNode(random.nextDouble() * 1e20);
            case 5 -> JSON.stringNode(anyText());
            case 6 -> {
                var array = JSON.arrayNode();
                for (int i = below(4); i > 0; i--) {
                    array.add(anyJson(depth - 1));
                }
                yield array;
            }
            default -> anyObject(depth);
        };
    }

    /** Any JSON object. */
    ObjectNode anyObject(int depth) {
        var object = JSON.objectNode();
        for (int i = below(4); i > 0; i--) {
            object.set(anyText(), anyJson(depth - 1));
        }
        return object;
    }
}
