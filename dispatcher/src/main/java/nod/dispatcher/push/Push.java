package nod.dispatcher.push;

import java.time.Duration;

/**
 * One push to one phone.
 *
 * @param address where to
 * @param prompt what is asked, whole; a sender shortens it to its provider's limit
 * @param left how long the transaction may still be answered, more than zero: nothing is delivered
 *     or waited for any longer
 */
public record Push(PushAddress address, MobilePrompt prompt, Duration left) {}
