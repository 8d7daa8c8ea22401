package nod.simulators.phone;

import java.util.Map;
import java.util.Optional;

/**
 * A push as the phone's app gets it.
 *
 * @param title shown by the system, or empty
 * @param body shown by the system, or empty
 * @param data what came with it; lists and objects as JSON text
 */
public record Push(String title, String body, Map<String, String> data) {

    /** What it asks, unless it only informs. */
    public Optional<Prompt> prompt() {
        return data.containsKey("tx_id") ? Optional.of(PromptJson.of(this)) : Optional.empty();
    }
}
