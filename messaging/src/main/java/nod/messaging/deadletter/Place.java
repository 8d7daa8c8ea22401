package nod.messaging.deadletter;

/**
 * Where a dead letter lies.
 *
 * @param topic the name of a topic of dead letters
 */
record Place(String topic, int partition, long offset) {

    @Override
    public String toString() {
        return topic + " " + partition + " " + offset;
    }
}
