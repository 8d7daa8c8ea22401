package nod.messaging.event;

import org.jspecify.annotations.Nullable;

import reactor.util.context.Context;
import reactor.util.context.ContextView;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * A W3C trace context's {@code traceparent}, version 00. It travels inside a service in the Reactor
 * context and between services as a header of the same name.
 *
 * @param value {@code 00-<32 hex digits>-<16 hex digits>-<2 hex digits>}
 */
public record Traceparent(String value) {

    /** The HTTP header and the CloudEvents extension. */
    public static final String HEADER = "traceparent";

    private static final Pattern FORM =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    public Traceparent {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("traceparent: expected version 00's form");
        }
    }

    /** The given header's trace, or a new one where it is absent or malformed. */
    public static Traceparent of(@Nullable String header) {
        return parse(header).orElseGet(Traceparent::start);
    }

    /** The given header's trace; empty where it is absent or malformed. */
    public static Optional<Traceparent> parse(@Nullable String header) {
        return header != null && FORM.matcher(header).matches()
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
