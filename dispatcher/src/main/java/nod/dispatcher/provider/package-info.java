/** What stands around every provider: bounds, circuit breaker, health, metrics. */
@NullMarked
package nod.dispatcher.provider;

import org.jspecify.annotations.NullMarked;
