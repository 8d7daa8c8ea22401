package nod.simulators.phone;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Pushes of a phone that gave an encryption key: whatever asks something has to be sealed. */
record SealedPushes(EncryptionKey key) {

    private static final String SEALED = "sealed";

    /** All that may be read on the way. */
    private static final Set<String> READABLE = Set.of("tx_id", "device", "expires", SEALED);

    /**
     * What a push asks, unless it only informs.
     *
     * @throws PhoneException when more of it could be read on the way than may be, or when what was
     *     sealed is not what stands outside
     */
    Optional<Prompt> prompt(Push push) {
        if (!push.data().containsKey("tx_id")) {
            return Optional.empty();
        }
        if (!push.data().keySet().equals(READABLE) || !push.body().isEmpty()) {
            throw new PhoneException(
                    "a push that should be sealed came with %s and %s"
                            .formatted(
                                    push.data().keySet(),
                                    push.body().isEmpty() ? "no body" : "a body"));
        }
        return Optional.of(open(push.data()));
    }

    private Prompt open(Map<String, String> data) {
        UUID txId = UUID.fromString(data.getOrDefault("tx_id", ""));
        Prompt prompt = PromptJson.opened(key.open(txId, data.getOrDefault(SEALED, "")));
        if (!prompt.txId().equals(txId)) {
            throw new PhoneException("the push of %s holds another prompt".formatted(txId));
        }
        return prompt;
    }
}
