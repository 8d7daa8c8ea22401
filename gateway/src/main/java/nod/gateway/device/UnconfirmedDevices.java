package nod.gateway.device;

import nod.gateway.GatewaySettings;
import nod.messaging.outbox.Outbox;
import nod.messaging.pruning.Prunable;
import nod.schemas.event.Actor;
import nod.schemas.event.DeviceChange;
import nod.schemas.event.Event;
import nod.schemas.event.Topic.Producer;

import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Mono;

import java.util.List;

/**
 * The devices that nobody can confirm any more, because their enrollment token has expired. Each is
 * told as removed, in the same database transaction. No user's row is taken for it: nothing asks an
 * unconfirmed device, and what else may want its row waits for this short transaction and finds
 * none.
 */
@Component
class UnconfirmedDevices implements Prunable {

    private static final Actor GATEWAY =
            new Actor(Actor.Kind.SERVICE, Producer.GATEWAY.serviceName());

    private final Devices devices;
    private final Outbox outbox;
    private final TransactionalOperator transaction;
    private final GatewaySettings.Pruning settings;

    UnconfirmedDevices(
            Devices devices,
            Outbox outbox,
            TransactionalOperator transaction,
            GatewaySettings settings) {
        this.devices = devices;
        this.outbox = outbox;
        this.transaction = transaction;
        this.settings = settings.pruning();
    }

    @Override
    public String table() {
        return "device";
    }

    @Override
    public Mono<Long> prune(int limit) {
        return devices.deleteUnconfirmed(settings.enrollments(), limit)
                .<Event>map(device -> device.changed(DeviceChange.REMOVED, GATEWAY))
                .collectList()
                .flatMap(removed -> outbox.append(removed).thenReturn(count(removed)))
                .as(transaction::transactional);
    }

    private static long count(List<Event> removed) {
        return removed.size();
    }
}
