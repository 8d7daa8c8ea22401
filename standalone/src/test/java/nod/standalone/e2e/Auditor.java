package nod.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import nod.messaging.event.Envelope;
import nod.messaging.testing.EventLogReader;
import nod.schemas.event.DeliveryReported;
import nod.schemas.event.DeviceChanged;
import nod.schemas.event.Event;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.Topic;
import nod.schemas.event.TransactionStarted;
import nod.schemas.event.TransactionStatus;
import nod.schemas.event.TransactionWithdrawn;
import nod.standalone.e2e.Authentik.Login;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.UUID;

/** An auditor: knows nothing but the event log. For one thread at a time. */
public final class Auditor {

    private final EventLogReader<DeviceChanged> devices;
    private final EventLogReader<TransactionStarted> starts;
    private final EventLogReader<DeliveryReported> deliveries;
    private final EventLogReader<ResponseReceived> responses;
    private final EventLogReader<TransactionWithdrawn> withdrawals;
    private final EventLogReader<OutcomeDecided> outcomes;

    public Auditor(String bootstrapServers) {
        devices = new EventLogReader<>(bootstrapServers, Topic.DEVICE_CHANGED, DeviceChanged.class);
        starts =
                new EventLogReader<>(
                        bootstrapServers, Topic.TRANSACTION_STARTED, TransactionStarted.class);
        deliveries =
                new EventLogReader<>(
                        bootstrapServers, Topic.DELIVERY_REPORTED, DeliveryReported.class);
        responses =
                new EventLogReader<>(
                        bootstrapServers, Topic.RESPONSE_RECEIVED, ResponseReceived.class);
        withdrawals =
                new EventLogReader<>(
                        bootstrapServers, Topic.TRANSACTION_WITHDRAWN, TransactionWithdrawn.class);
        outcomes =
                new EventLogReader<>(bootstrapServers, Topic.OUTCOME_DECIDED, OutcomeDecided.class);
    }

    public TransactionStarted started(Login login) {
        return starts.await(key(login)).event();
    }

    /** All delivery reports of the login, once there are that many. */
    public List<DeliveryReported> deliveries(Login login, int count) {
        return events(deliveries.await(key(login), count));
    }

    public List<ResponseReceived> responses(Login login) {
        return events(responses.untilNow(key(login)));
    }

    public ResponseReceived response(Login login) {
        return responses.await(key(login)).event();
    }

    public List<TransactionWithdrawn> withdrawals(Login login) {
        return events(withdrawals.untilNow(key(login)));
    }

    /** What happened to the device, once that many changes are known. */
    public List<DeviceChanged> changes(UUID device, int count) {
        return events(devices.await(device.toString(), count));
    }

    /** The login's one outcome is this one, and no other was ever written. */
    public void seesOneOutcome(
            Login login, TransactionStatus status, @Nullable OutcomeReason reason) {
        outcomes.await(key(login));
        var all = outcomes.untilNow(key(login));
        assertThat(all.stream().map(Envelope::id).distinct()).hasSize(1);
        var outcome = all.getFirst().event();
        assertThat(outcome.status()).isEqualTo(status);
        assertThat(outcome.reason()).isEqualTo(reason);
        assertThat(outcome.user()).isEqualTo(login.json().path("user").asString());
    }

    private static String key(Login login) {
        return login.txId().toString();
    }

    private static <E extends Event> List<E> events(List<Envelope<E>> envelopes) {
        return envelopes.stream().map(Envelope::event).toList();
    }
}
