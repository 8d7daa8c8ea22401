package nod.standalone.faults;

import nod.standalone.faults.Violation.Promise;
import nod.standalone.host.ChangedSources.Change;

import java.util.List;

/** The ways of being wrong that the checker has to know. */
final class BrokenBuilds {

    private static final String MESSAGING = "messaging/src/main/java/nod/messaging/";
    private static final String GATEWAY = "gateway/src/main/java/nod/gateway/";
    private static final String DISPATCHER = "dispatcher/src/main/java/nod/dispatcher/";
    private static final String COLLECTOR = "response-collector/src/main/java/nod/collector/";

    static final BrokenBuild PUBLISH_BEFORE_COMMIT =
            new BrokenBuild(
                    "publish before commit",
                    Promise.NO_EVENT_WITHOUT_STATE,
                    List.of(
                            new Change(
                                    MESSAGING + "outbox/Outbox.java",
                                    "public Mono<Void> afterCommit() {",
                                    "public Mono<Void> beforeCommit(boolean readOnly) {")));

    static final BrokenBuild NO_OUTBOX =
            new BrokenBuild(
                    "no outbox",
                    Promise.EVERY_IMPLIED_EVENT_IS_ON_KAFKA,
                    List.of(
                            new Change(
                                    MESSAGING + "outbox/OutboxRelay.java",
                                    "unanswered.incrementAndGet();",
                                    "unanswered.incrementAndGet();"
                                            + " acknowledged.add(event.id());")));

    static final BrokenBuild UNCONDITIONAL_DECISION =
            new BrokenBuild(
                    "unconditional decision",
                    Promise.ONE_OUTCOME,
                    List.of(
                            new Change(
                                    COLLECTOR + "outcome/Decisions.java",
                                    "AND t.decided IS NULL",
                                    ""),
                            new Change(
                                    COLLECTOR + "outcome/ClaimedTransactions.java",
                                    "if (!\"wait\".equals(row.get(\"status\", String.class))) {",
                                    "if (row == null) {")));

    static final BrokenBuild SWEEP_IGNORES_CLAIMS =
            new BrokenBuild(
                    "a sweep that ignores claims",
                    Promise.AN_ANSWER_WITH_204_DECIDES,
                    List.of(
                            new Change(
                                    COLLECTOR + "expiry/OverdueTransactions.java",
                                    "AND claim IS NULL AND expires",
                                    "AND expires"),
                            new Change(
                                    COLLECTOR + "outcome/Decisions.java",
                                    "AND t.claim IS NOT DISTINCT FROM d.claim",
                                    ""),
                            new Change(
                                    COLLECTOR + "outcome/Decisions.java",
                                    "AND (t.claim IS DISTINCT FROM 'answer' OR t.claimed_by ="
                                            + " d.device)",
                                    "")));

    static final BrokenBuild OFFSET_BEFORE_SEND =
            new BrokenBuild(
                    "an offset committed before the send",
                    Promise.EVERY_ASKED_PHONE_IS_PUSHED_TO,
                    List.of(
                            new Change(
                                    MESSAGING + "consume/Processing.java",
                                    "window.started(record.offset());",
                                    "window.started(record.offset());"
                                            + " window.finished(record.offset());")));

    static final BrokenBuild UNCONDITIONAL_KEY_DROP =
            new BrokenBuild(
                    "an unconditional key drop",
                    Promise.NO_LIVE_KEY_IS_DROPPED,
                    List.of(
                            new Change(
                                    GATEWAY + "device/Devices.java",
                                    "push_key IS NOT NULL AND push_key_version = :version",
                                    "push_key IS NOT NULL AND :version = :version")));

    static final BrokenBuild ANSWER_AFTER_EXPIRY =
            new BrokenBuild(
                    "an answer after expiry",
                    Promise.NO_ANSWER_AFTER_EXPIRY,
                    List.of(
                            new Change(
                                    GATEWAY + "response/AnswerClaims.java",
                                    ".formatted(OpenCondition.BY_ID, ",
                                    ".formatted(\"decided IS NULL AND claimed_at IS NULL\", ")));

    static final BrokenBuild PUSH_WITHOUT_READ =
            new BrokenBuild(
                    "a push without the status read",
                    Promise.NO_PUSH_AFTER_THE_END,
                    List.of(
                            new Change(
                                    DISPATCHER + "dispatch/DatabaseTransactionReader.java",
                                    "t.status = 'wait' AND t.claim IS NULL AND t.expires > now()"
                                            + " AS open",
                                    "true AS open")));

    private BrokenBuilds() {}

    static List<BrokenBuild> all() {
        return List.of(
                PUBLISH_BEFORE_COMMIT,
                NO_OUTBOX,
                UNCONDITIONAL_DECISION,
                SWEEP_IGNORES_CLAIMS,
                OFFSET_BEFORE_SEND,
                UNCONDITIONAL_KEY_DROP,
                ANSWER_AFTER_EXPIRY,
                PUSH_WITHOUT_READ);
    }
}
