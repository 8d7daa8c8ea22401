/** Telling outcomes to webhooks, by Standard Webhooks 1.0. */
@NullMarked
package nod.collector.webhook;

import org.jspecify.annotations.NullMarked;
