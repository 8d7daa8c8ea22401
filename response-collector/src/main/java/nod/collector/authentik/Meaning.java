package nod.collector.authentik;

import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;

/** What an outcome is in authentik's log. */
enum Meaning {
    APPROVED(Meaning.CUSTOM, "A login was approved on a phone"),
    DECLINED(Meaning.FAILED, "A login was denied on a phone"),

    /** Somebody knows the password who is not the user. */
    REPORTED(Meaning.SUSPICIOUS, "A login was reported on a phone: it was not the user's"),

    /** Perhaps a mistake, perhaps a user who approves what somebody else began. */
    WRONG_ITEM(Meaning.SUSPICIOUS, "A login was answered with a wrong number on a phone"),
    EXPIRED(Meaning.FAILED, "A login was not answered in time"),

    /** No failure of a person: an outage of a provider is not to look like an attack. */
    UNDELIVERABLE(Meaning.CUSTOM, "A login could not be shown on any phone"),

    /** Nobody answered, and nobody had the time to. */
    CANCELLED(Meaning.CUSTOM, "A login was taken back before it was answered");

    /** The one action that authentik's API takes and does not use itself. */
    private static final String CUSTOM = "custom_";

    private static final String FAILED = "login_failed";
    private static final String SUSPICIOUS = "suspicious_request";

    private final String action;
    private final String message;

    Meaning(String action, String message) {
        this.action = action;
        this.message = message;
    }

    /**
     * What that outcome means.
     *
     * @throws IllegalArgumentException where it is none
     */
    static Meaning of(OutcomeDecided outcome) {
        return switch (outcome.status()) {
            case ACCEPT -> APPROVED;
            case DENY -> ofDenied(outcome);
            case EXPIRED -> EXPIRED;
            case UNDELIVERABLE -> UNDELIVERABLE;
            case CANCELLED -> CANCELLED;
            case WAIT -> throw new IllegalArgumentException("status: wait is no outcome");
        };
    }

    private static Meaning ofDenied(OutcomeDecided outcome) {
        if (outcome.reason() == OutcomeReason.REPORTED) {
            return REPORTED;
        }
        return outcome.reason() == OutcomeReason.WRONG_ITEM ? WRONG_ITEM : DECLINED;
    }

    /** One of authentik's actions. */
    String action() {
        return action;
    }

    /** For people. */
    String message() {
        return message;
    }
}
