package nod.simulators.fault;

import org.jspecify.annotations.Nullable;

/**
 * A fault that waits for requests.
 *
 * @param key the push key it is for; null: every key of the provider
 * @param remaining for how many more requests; null: until it is cleared
 */
public record ActiveFault(
        Provider provider, @Nullable String key, Fault fault, @Nullable Integer remaining) {}
