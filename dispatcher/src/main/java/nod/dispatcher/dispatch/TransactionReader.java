package nod.dispatcher.dispatch;

import reactor.core.publisher.Mono;

import java.util.List;

/** Reads how it stands with asked devices. Thread-safe; never writes. */
interface TransactionReader {

    /**
     * Reads all of them at once.
     *
     * @return for each asked device, in the same order, how it stands; an error where the database
     *     could not be asked
     */
    Mono<List<Standing>> read(List<Asked> asked);
}
