package nod.messaging.deadletter;

/** What an operator wants done with the dead letters. */
sealed interface DeadLetterCommand {

    /**
     * Shows a line for each.
     *
     * @param all also those that were replayed or dismissed
     */
    record ListLetters(boolean all) implements DeadLetterCommand {}

    /** Shows all of one. */
    record Show(Place place) implements DeadLetterCommand {}

    /** Replays whatever is open. */
    record ReplayAll() implements DeadLetterCommand {}

    /** Replays what is open in a topic of dead letters. */
    record ReplayTopic(String topic) implements DeadLetterCommand {}

    /** Replays one. */
    record ReplayOne(Place place) implements DeadLetterCommand {}

    /** Takes one off the list without a replay. */
    record Dismiss(Place place) implements DeadLetterCommand {}
}
