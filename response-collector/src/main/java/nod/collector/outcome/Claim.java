package nod.collector.outcome;

import nod.schemas.event.Withdrawal;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/** What closed a transaction to further answers, as its row says. */
public sealed interface Claim {

    /** As it is written in the database. */
    String text();

    /** A device answered. */
    record Answered(UUID device, String item) implements Claim {

        static final String TEXT = "answer";

        @Override
        public String text() {
            return TEXT;
        }

        /** Never prints what was answered: it may be the right item. */
        @Override
        public String toString() {
            return "Answered[device=" + device + "]";
        }
    }

    /** It was taken back. */
    record Withdrawn(Withdrawal withdrawal) implements Claim {

        @Override
        public String text() {
            return withdrawal.text();
        }
    }

    /** The claim of a row; its columns belong together, the database checks that. */
    static Claim of(String text, @Nullable UUID device, @Nullable String item) {
        if (text.equals(Answered.TEXT) && device != null && item != null) {
            return new Answered(device, item);
        }
        for (var withdrawal : Withdrawal.values()) {
            if (withdrawal.text().equals(text)) {
                return new Withdrawn(withdrawal);
            }
        }
        throw new IllegalStateException(
                "claim '" + text + "': expected answer, cancelled or superseded");
    }
}
