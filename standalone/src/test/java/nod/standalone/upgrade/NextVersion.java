package nod.standalone.upgrade;

import nod.standalone.host.ChangedSources;
import nod.standalone.host.ChangedSources.Change;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The version after this one: a column in the table {@code transaction}, which only it writes, and
 * a field in four events.
 */
final class NextVersion {

    /** The new column, and the new field, of which it says {@link #VALUE}. */
    static final String NAME = "origin";

    static final String VALUE = "next";

    /** Later than any of ours. */
    private static final String MIGRATION = "db/migration/V9999__origin.sql";

    private static final String ADD_COLUMN =
            "ALTER TABLE transaction ADD COLUMN origin text;"
                    + " GRANT INSERT (origin) ON transaction TO nod_gateway;";

    private static final String EVENT = "schemas/src/main/java/nod/schemas/event/";
    private static final String FIELD = ", @org.jspecify.annotations.Nullable String origin)";

    private static final String GATEWAY = "gateway/src/main/java/nod/gateway/";
    private static final String ATTEMPTS =
            "dispatcher/src/main/java/nod/dispatcher/dispatch/Attempts.java";
    private static final String DECISIONS =
            "response-collector/src/main/java/nod/collector/outcome/Decisions.java";

    private static final List<Change> CHANGES =
            List.of(
                    field("TransactionStarted", "Actor by"),
                    field("ResponseReceived", "boolean late"),
                    field("DeliveryReported", "@Nullable Long latencyMillis"),
                    field("OutcomeDecided", "Instant decided"),
                    filled(GATEWAY + "transaction/Beginning.java", "caller.actor()))"),
                    filled(GATEWAY + "response/GivenAnswer.java", "Outbox.UNKNOWN, false)"),
                    filled(GATEWAY + "response/GivenAnswer.java", " at, true);"),
                    filled(ATTEMPTS, "asked,\n                null);"),
                    filled(ATTEMPTS, "latencyMillis());"),
                    filled(DECISIONS, "created,\n                decided);"),
                    new Change(
                            GATEWAY + "transaction/StartRows.java",
                            "body, context, expires)",
                            "body, context, expires, origin)"),
                    new Change(
                            GATEWAY + "transaction/StartRows.java",
                            "wish.seconds * interval '1 second'",
                            "wish.seconds * interval '1 second', 'next'"));

    private NextVersion() {}

    /** Returns the folder that has to come before everything else on a class path. */
    static Path madeIn(Path folder) throws IOException {
        ChangedSources.compile(CHANGES, folder);
        var migration = folder.resolve(MIGRATION);
        Files.createDirectories(migration.getParent());
        Files.writeString(migration, ADD_COLUMN);
        return folder;
    }

    /** One more component behind that one, which is the last. */
    private static Change field(String event, String last) {
        return new Change(EVENT + event + ".java", last + ")", last + FIELD);
    }

    /** One more argument behind these, which end the call of the constructor. */
    private static Change filled(String file, String end) {
        int closing = end.indexOf(')', end.indexOf("()") + 2);
        return new Change(
                file, end, end.substring(0, closing) + ", \"next\"" + end.substring(closing));
    }
}
