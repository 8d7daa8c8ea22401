package nod.collector.webhook;

import java.util.UUID;

/** What an operator wants done with the webhooks. */
sealed interface WebhookCommand {

    /** Shows a line for each endpoint. */
    record ListAll() implements WebhookCommand {}

    /** Shows what an endpoint was not told. */
    record ListUntold(String endpoint) implements WebhookCommand {}

    /** Tells anew all that was given up. */
    record ReplayGivenUp(String endpoint) implements WebhookCommand {}

    /** Tells one outcome anew, also one that was told. */
    record ReplayOne(String endpoint, UUID event) implements WebhookCommand {}

    /** Lets an endpoint that is gone be told again. */
    record Enable(String endpoint) implements WebhookCommand {}
}
