package nod.benchmarks.pieces;

import nod.dispatcher.push.MobilePrompt;
import nod.messaging.event.Envelope;
import nod.messaging.event.Traceparent;
import nod.schemas.event.Actor;
import nod.schemas.event.ItemMode;
import nod.schemas.event.TransactionContext;
import nod.schemas.event.TransactionStarted;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** An ordinary login, as the pieces get it. */
public final class Examples {

    private static final Instant CREATED = Instant.parse("2026-01-31T12:00:00.123456Z");
    private static final UUID TX_ID = UUID.fromString("0190b2c4-0000-7000-8000-00000000000a");
    private static final UUID DEVICE = UUID.fromString("0190b2c4-0000-7000-8000-000000000001");

    private Examples() {}

    /** Its event with what travels around it. */
    public static Envelope<TransactionStarted> started() {
        return new Envelope<>(TX_ID, CREATED, Traceparent.start(), event());
    }

    /** What its phone is shown. */
    public static MobilePrompt prompt() {
        return MobilePrompt.of(event(), DEVICE);
    }

    private static TransactionStarted event() {
        return new TransactionStarted(
                TX_ID,
                "5f1c9a52e0b74c0f8f6c7a8d",
                List.of(DEVICE),
                ItemMode.NUMBER_MATCHING_3,
                List.of("17", "42", "99"),
                "Sign-in request",
                "Approve the sign-in to Wiki?",
                new TransactionContext(
                        "Wiki",
                        "sso.example.org",
                        "192.0.2.17",
                        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                        "Berlin"),
                CREATED,
                CREATED.plusSeconds(60),
                new Actor(Actor.Kind.API_KEY, "authentik"));
    }
}
