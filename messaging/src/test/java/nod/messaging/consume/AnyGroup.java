package nod.messaging.consume;

import nod.schemas.event.Event;
import nod.schemas.event.Topic;

/** Members of groups that no service has, so that tests keep apart. */
public final class AnyGroup {

    private AnyGroup() {}

    /** A member of that group; it is not started. */
    public static <E extends Event> EventConsumer<E> member(
            EventConsumers consumers,
            String group,
            Topic topic,
            Class<E> type,
            EventHandler<E> handler) {
        return consumers.inGroup(group, topic, type, Pace.AT_ONCE, handler);
    }
}
