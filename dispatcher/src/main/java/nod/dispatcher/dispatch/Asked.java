package nod.dispatcher.dispatch;

import java.util.UUID;

/** One asked device of one transaction. */
record Asked(UUID txId, UUID device) {}
