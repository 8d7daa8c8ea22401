package nod.standalone.demo;

import nod.messaging.event.Envelope;
import nod.schemas.event.Actor;
import nod.schemas.event.DeliveryReported;
import nod.schemas.event.DeviceChanged;
import nod.schemas.event.Event;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.TransactionStarted;
import nod.schemas.event.TransactionWithdrawn;
import nod.schemas.event.UserLocked;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** An event as a line to read: its topic, its key, and what is worth knowing of it. */
final class EventLine {
    private EventLine() {}

    static String of(Envelope<? extends Event> envelope) {
        var event = envelope.event();
        return "%-29s key %s  %s".formatted(event.topic().topicName(), event.key(), told(event));
    }

    private static String told(Event event) {
        return switch (event) {
            case DeviceChanged e ->
                    "%s, sequence %d, by %s".formatted(lower(e.change()), e.sequence(), by(e.by()));
            case TransactionStarted e ->
                    "%s, %d device(s), until %s, by %s"
                            .formatted(
                                    lower(e.mode()), e.devices().size(), e.expires(), by(e.by()));
            case DeliveryReported e ->
                    "%s by %s, %s ms".formatted(lower(e.state()), e.provider(), e.latencyMillis());
            case ResponseReceived e ->
                    "%s%s".formatted(lower(e.answer()), e.late() ? ", too late" : "");
            case TransactionWithdrawn e -> "%s, by %s".formatted(lower(e.withdrawal()), by(e.by()));
            case OutcomeDecided e -> "%s, %s".formatted(lower(e.status()), lower(e.reason()));
            case UserLocked e -> "%s, by %s".formatted(lower(e.state()), by(e.by()));
        };
    }

    private static String by(Actor actor) {
        return lower(actor.kind()) + " " + actor.id();
    }

    private static String lower(@Nullable Object value) {
        return String.valueOf(value).toLowerCase(Locale.ROOT);
    }
}
