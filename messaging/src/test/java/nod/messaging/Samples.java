package nod.messaging;

import nod.schemas.event.Actor;
import nod.schemas.event.Answer;
import nod.schemas.event.DeliveryReported;
import nod.schemas.event.DeliveryState;
import nod.schemas.event.DeviceChange;
import nod.schemas.event.DeviceChanged;
import nod.schemas.event.Event;
import nod.schemas.event.ItemMode;
import nod.schemas.event.LockReason;
import nod.schemas.event.LockState;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.Provider;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.Topic;
import nod.schemas.event.TransactionContext;
import nod.schemas.event.TransactionStarted;
import nod.schemas.event.TransactionStatus;
import nod.schemas.event.TransactionWithdrawn;
import nod.schemas.event.UserLocked;
import nod.schemas.event.Withdrawal;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Events as examples: one of each type, and the edges of each. */
public final class Samples {

    public static final UUID TX = UUID.fromString("0f9a1c2e-0000-4000-8000-000000000001");
    public static final UUID PHONE = UUID.fromString("0f9a1c2e-0000-4000-8000-000000000002");
    public static final UUID TABLET = UUID.fromString("0f9a1c2e-0000-4000-8000-000000000003");
    public static final Instant CREATED = Instant.parse("2026-03-01T12:00:00.123456Z");
    public static final Instant EXPIRES = Instant.parse("2026-03-01T12:02:00.123456Z");
    public static final Actor CALLER = new Actor(Actor.Kind.API_KEY, "authentik");

    private Samples() {}

    /** The event that stands in the golden file of its topic. */
    public static Event of(Topic topic) {
        return switch (topic) {
            case DEVICE_CHANGED ->
                    new DeviceChanged(
                            PHONE,
                            "42",
                            7,
                            DeviceChange.PUSH_KEY_SET,
                            "Ann's phone",
                            new Actor(Actor.Kind.DEVICE, PHONE.toString()));
            case TRANSACTION_STARTED -> started(ItemMode.NUMBER_MATCHING_2);
            case DELIVERY_REPORTED ->
                    new DeliveryReported(
                            TX,
                            PHONE,
                            DeliveryState.REJECTED,
                            Provider.APNS,
                            "Unregistered",
                            3,
                            true,
                            CREATED,
                            2,
                            187L);
            case RESPONSE_RECEIVED -> new ResponseReceived(TX, PHONE, Answer.ITEM, CREATED, false);
            case TRANSACTION_WITHDRAWN ->
                    new TransactionWithdrawn(TX, Withdrawal.SUPERSEDED, CREATED, CALLER);
            case OUTCOME_DECIDED ->
                    new OutcomeDecided(
                            TX,
                            "42",
                            TransactionStatus.ACCEPT,
                            OutcomeReason.MATCHED,
                            PHONE,
                            CREATED,
                            EXPIRES);
            case USER_LOCKED ->
                    new UserLocked("42", LockState.PAUSED, LockReason.DECLINED, EXPIRES, CALLER);
        };
    }

    /** Events of the topic at the edges of what it may say. */
    public static List<Event> edgesOf(Topic topic) {
        var edges = new ArrayList<Event>();
        edges.add(of(topic));
        switch (topic) {
            case DEVICE_CHANGED -> {
                for (var change : DeviceChange.values()) {
                    for (var kind : Actor.Kind.values()) {
                        edges.add(
                                new DeviceChanged(
                                        PHONE, "ann@example.org", 1, change, "", actor(kind)));
                    }
                }
            }
            case TRANSACTION_STARTED -> {
                for (var mode : ItemMode.values()) {
                    edges.add(started(mode));
                }
            }
            case DELIVERY_REPORTED -> {
                for (var state : DeliveryState.values()) {
                    edges.add(
                            new DeliveryReported(
                                    TX, PHONE, state, null, null, null, false, null, 0, null));
                    edges.add(
                            new DeliveryReported(
                                    TX,
                                    PHONE,
                                    state,
                                    Provider.FCM,
                                    "QUOTA",
                                    1,
                                    false,
                                    null,
                                    9,
                                    0L));
                }
            }
            case RESPONSE_RECEIVED -> {
                for (var answer : Answer.values()) {
                    edges.add(new ResponseReceived(TX, PHONE, answer, Instant.EPOCH, true));
                }
            }
            case TRANSACTION_WITHDRAWN -> {
                for (var withdrawal : Withdrawal.values()) {
                    edges.add(new TransactionWithdrawn(TX, withdrawal, Instant.EPOCH, CALLER));
                }
            }
            case OUTCOME_DECIDED -> {
                edges.add(outcome(TransactionStatus.EXPIRED, null, null));
                for (var reason : OutcomeReason.values()) {
                    edges.add(outcome(TransactionStatus.DENY, reason, PHONE));
                    edges.add(outcome(TransactionStatus.CANCELLED, reason, null));
                    edges.add(outcome(TransactionStatus.UNDELIVERABLE, reason, null));
                }
            }
            case USER_LOCKED -> {
                edges.add(new UserLocked("ann", LockState.RELEASED, null, null, CALLER));
                for (var reason : LockReason.values()) {
                    edges.add(new UserLocked("ann", LockState.LOCKED, reason, null, CALLER));
                }
            }
        }
        return edges;
    }

    /** Somebody of that kind. */
    public static Actor actor(Actor.Kind kind) {
        return new Actor(kind, "somebody");
    }

    private static OutcomeDecided outcome(
            TransactionStatus status, @Nullable OutcomeReason reason, @Nullable UUID device) {
        return new OutcomeDecided(TX, "ann", status, reason, device, CREATED, EXPIRES);
    }

    private static TransactionStarted started(ItemMode mode) {
        return new TransactionStarted(
                TX,
                "42",
                List.of(PHONE, TABLET),
                mode,
                items(mode),
                "Sign in to Grafana?",
                "Somebody signs in as Ann – “Zürich”, 日本 \uD83D\uDD11",
                mode == ItemMode.NUMBER_ENTRY_6
                        ? TransactionContext.EMPTY
                        : new TransactionContext(
                                "Grafana",
                                "id.example.org",
                                "2001:db8::1",
                                "Mozilla/5.0",
                                "Zürich, CH"),
                CREATED,
                EXPIRES,
                CALLER);
    }

    private static List<String> items(ItemMode mode) {
        return switch (mode) {
            case ACCEPT_DENY -> List.of("accept", "deny");
            case NUMBER_MATCHING_2 -> List.of("07", "42", "91");
            case NUMBER_MATCHING_3 -> List.of("007", "421", "910");
            case NUMBER_ENTRY_6 -> List.of();
        };
    }
}
