package nod.gateway.throttle;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads addresses. They never have a scope, and an IPv4 address that is mapped into IPv6 is the
 * IPv4 address. Names are never looked up.
 */
final class Addresses {

    /** Without leading zeros, which some read as octal. */
    private static final String V4 = "(?:0|[1-9]\\d{0,2})(?:\\.(?:0|[1-9]\\d{0,2})){3}";

    private static final String V6 = "[0-9a-fA-F:.]*:[0-9a-fA-F:.]*";
    private static final String PORT = "(?::\\d{1,5})?";

    private static final Pattern LITERAL = Pattern.compile(V4 + "|" + V6);

    /** As proxies write it: with a port or without, IPv6 in brackets or, without a port, bare. */
    private static final Pattern FORWARDED =
            Pattern.compile("(%s)%s|\\[(%s)]%s|(%s)".formatted(V4, PORT, V6, PORT, V6));

    private Addresses() {}

    /** The same address in the one form that it is compared in. */
    static InetAddress canonical(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address has 4 or 16 bytes", impossible);
        }
    }

    /** The address; empty where the text is none. */
    static Optional<InetAddress> literal(String text) {
        return LITERAL.matcher(text).matches() ? parsed(text) : Optional.empty();
    }

    /** The address that a proxy names in one element of its header; empty where it names none. */
    static Optional<InetAddress> forwarded(String element) {
        var matcher = FORWARDED.matcher(element.strip());
        return matcher.matches()
                ? parsed(firstOf(matcher.group(1), matcher.group(2), matcher.group(3)))
                : Optional.empty();
    }

    private static String firstOf(@Nullable String... groups) {
        for (var group : groups) {
            if (group != null) {
                return group;
            }
        }
        throw new IllegalStateException("the pattern has no other alternative");
    }

    private static Optional<InetAddress> parsed(String literal) {
        try {
            return Optional.of(canonical(InetAddress.ofLiteral(literal)));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
