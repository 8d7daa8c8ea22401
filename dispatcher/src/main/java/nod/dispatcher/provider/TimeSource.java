package nod.dispatcher.provider;

import java.time.Duration;

/** A monotonic time, for durations only: a clock that is set does not move it. */
@FunctionalInterface
public interface TimeSource {

    /** Nanoseconds since some moment; only differences mean anything. */
    long nanos();

    /** How much time has passed since {@link #nanos()} gave that. */
    default Duration since(long nanos) {
        return Duration.ofNanos(nanos() - nanos);
    }
}
