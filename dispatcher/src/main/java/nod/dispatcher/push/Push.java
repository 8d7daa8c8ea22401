package nod.dispatcher.push;

import java.time.Duration;

/**
 * One push to one phone.
 *
 * @param address where to
 * @param content what it brings, whole; a sender shortens it to its provider's limit
 * @param left how long it is worth anything, more than zero: nothing is delivered or waited for any
 *     longer
 */
public record Push(PushAddress address, PushContent content, Duration left) {}
