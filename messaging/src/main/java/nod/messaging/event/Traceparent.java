package nod.messaging.event;

import org.jspecify.annotations.Nullable;

import reactor.util.context.Context;
import reactor.util.context.ContextView;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A W3C trace context's {@code traceparent}, version 00. It travels inside a service in the Reactor
 * context and between services as a header of the same name.
 *
 * @param value {@code 00-<32 hex digits>-<16 hex digits>-<2 hex digits>}
 */
public record Traceparent(String value) {

    /** The HTTP header and the CloudEvents extension. */
    public static final String HEADER = "traceparent";

    private static final int LENGTH = 55;

    public Traceparent {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("traceparent: expected version 00's form");
        }
    }

    /** By hand: it is asked several times of every event, and an expression takes longer. */
    private static boolean isWellFormed(String value) {
        return value.length() == LENGTH
                && value.startsWith("00-")
                && isHex(value, 3, 35)
                && !isZero(value, 3, 35)
                && value.charAt(35) == '-'
                && isHex(value, 36, 52)
                && !isZero(value, 36, 52)
                && value.charAt(52) == '-'
                && isHex(value, 53, LENGTH);
    }

    /** Capital letters are none of the form's. */
    private static boolean isHex(String value, int from, int to) {
        for (int i = from; i < to; i++) {
            char digit = value.charAt(i);
            if (!HexFormat.isHexDigit(digit) || digit >= 'A' && digit <= 'F') {
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(String value, int from, int to) {
        for (int i = from; i < to; i++) {
            if (value.charAt(i) != '0') {
                return false;
            }
        }
        return true;
    }

    /** The given header's trace, or a new one where it is absent or malformed. */
    public static Traceparent of(@Nullable String header) {
        return parse(header).orElseGet(Traceparent::start);
    }

    /** The given header's trace; empty where it is absent or malformed. */
    public static Optional<Traceparent> parse(@Nullable String header) {
        return header != null && isWellFormed(header)
                ? Optional.of(new Traceparent(header))
                : Optional.empty();
    }

    /** A trace of which spans are recorded, as it is continued behind one of them. */
    public static Traceparent sampled(String traceId, String spanId) {
        return new Traceparent("00-" + traceId + "-" + spanId + "-01");
    }

    /** The id of the trace, 32 hex digits. */
    public String traceId() {
        return value.substring(3, 35);
    }

    /** The id of the span that it continues, 16 hex digits. */
    public String spanId() {
        return value.substring(36, 52);
    }

    /** Whether spans of it are recorded: the last bit of the flags. */
    public boolean isSampled() {
        return (Character.digit(value.charAt(54), 16) & 1) == 1;
    }

    /** A new trace, not sampled. */
    public static Traceparent start() {
        var random = ThreadLocalRandom.current();
        var bytes = new byte[24];
        random.nextBytes(bytes);
        bytes[0] |= 1;
        bytes[16] |= 1;
        var hex = HexFormat.of().formatHex(bytes);
        return new Traceparent("00-" + hex.substring(0, 32) + "-" + hex.substring(32) + "-00");
    }

    /** The trace of the running Reactor chain, or a new one where it carries none. */
    public static Traceparent from(ContextView context) {
        return context.hasKey(Traceparent.class) ? context.get(Traceparent.class) : start();
    }

    /** A Reactor context that carries this trace. */
    public Context asContext() {
        return Context.of(Traceparent.class, this);
    }
}
