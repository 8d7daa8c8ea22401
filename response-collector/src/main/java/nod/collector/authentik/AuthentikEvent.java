package nod.collector.authentik;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;

/**
 * An event as authentik's API takes it.
 *
 * @param action one of authentik's actions
 * @param app who tells it
 * @param clientIp the browser's address
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AuthentikEvent(
        String action,
        String app,
        User user,
        Context context,
        @JsonProperty("client_ip") @Nullable String clientIp) {

    /** Who tells events. */
    static final String APP = "nod";

    /** What {@link Model#modelName()} always is. */
    static final String TRANSACTION = "transaction";

    /** The event of an outcome. */
    static AuthentikEvent of(OutcomeDecided outcome, Login login) {
        var meaning = Meaning.of(outcome);
        var context =
                new Context(
                        meaning.message(),
                        new Model(APP, TRANSACTION, modelPk(outcome.txId())),
                        outcome.txId(),
                        outcome.status(),
                        outcome.reason(),
                        outcome.answeredBy(),
                        login.application(),
                        login.domain(),
                        outcome.created(),
                        outcome.decided());
        return new AuthentikEvent(
                meaning.action(), APP, new User(outcome.user()), context, login.address());
    }

    /** As authentik writes the ids of its own objects: it takes dashes off what it looks for. */
    static String modelPk(UUID txId) {
        return txId.toString().replace("-", "");
    }

    /**
     * Who was asked.
     *
     * @param pk as the transaction has it; never a name, which could change hands
     */
    record User(String pk) {}

    /**
     * What the event is about, in the form by which authentik finds its events again.
     *
     * @param pk the transaction, without dashes
     */
    record Model(String app, @JsonProperty("model_name") String modelName, String pk) {}

    /**
     * All else that is told.
     *
     * @param message for people; authentik's notifications show it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Context(
            String message,
            Model model,
            @JsonProperty("tx_id") UUID txId,
            TransactionStatus status,
            @Nullable OutcomeReason reason,
            @JsonProperty("answered_by") @Nullable UUID answeredBy,
            @Nullable String application,
            @Nullable String domain,
            Instant created,
            Instant decided) {}
}
