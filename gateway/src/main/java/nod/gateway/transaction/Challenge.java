package nod.gateway.transaction;

import java.util.List;

/**
 * What a phone may answer, and what is right.
 *
 * @param item the right item
 * @param items what is offered, in the order to show; empty where the user types the item
 */
record Challenge(String item, List<String> items) {

    Challenge {
        items = List.copyOf(items);
    }

    /** Never prints the right item. */
    @Override
    public String toString() {
        return "Challenge[items=" + items + "]";
    }
}
