package nod.gateway.device;

import com.fasterxml.jackson.annotation.JsonProperty;

import nod.gateway.security.DeviceTokens;
import nod.gateway.transaction.OpenTransactions;

import org.springframework.stereotype.Component;

import reactor.core.publisher.Flux;

import java.util.UUID;

/** What would go with a device: its open transactions and its tokens. */
@Component
class DeviceUses {

    private static final String APP = "authentik_stages_authenticator_mobile";

    /** authentik's UsedBy. */
    record UsedBy(
            String app,
            @JsonProperty("model_name") String modelName,
            String pk,
            String name,
            String action) {}

    private final OpenTransactions transactions;
    private final DeviceTokens tokens;

    DeviceUses(OpenTransactions transactions, DeviceTokens tokens) {
        this.transactions = transactions;
        this.tokens = tokens;
    }

    Flux<UsedBy> of(UUID device) {
        return transactions
                .asking(device)
                .map(open -> usedBy("mobiletransaction", open.txId(), open.title()))
                .concatWith(
                        tokens.idsOf(device)
                                .map(id -> usedBy("mobiledevicetoken", id, "Mobile Device Token")));
    }

    private static UsedBy usedBy(String model, UUID pk, String name) {
        return new UsedBy(APP, model, pk.toString(), name, "CASCADE");
    }
}
