package nod.messaging.consume;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.messaging.MessagingFixture;
import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.Topic;
import nod.schemas.event.UserLocked;

import org.junit.jupiter.api.Test;

import java.util.List;

class EventConsumersIT {

    @Test
    void refusesATopicWhoseDeadLettersNoCommandWouldFind() {
        try (var service = new MessagingFixture()) {
            var consumers = service.part(EventConsumers.class);

            assertThatThrownBy(
                            () ->
                                    consumers.inGroup(
                                            ConsumerGroup.GATEWAY,
                                            Topic.USER_LOCKED,
                                            UserLocked.class,
                                            _ -> List.of()))
                    .hasMessageContaining("the group gateway: expected one of [DELIVERY_REPORTED]");
        }
    }
}
