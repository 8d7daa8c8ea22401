package nod.dispatcher.push;

import java.util.Optional;

/**
 * Seals prompts for their phones, as the contract says: HPKE (RFC 9180) in base mode. Thread-safe;
 * takes a fraction of a millisecond.
 */
public interface PromptSealing {

    /**
     * Seals it as it is, anew each time.
     *
     * @return nothing where the key is none that anything can be sealed for, and never will be
     */
    Optional<SealedPrompt> seal(PromptToSeal secret);
}
