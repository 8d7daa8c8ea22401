package nod.dispatcher.notice;

import reactor.core.publisher.Mono;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Reads who is to hear of new devices. Thread-safe; never writes. */
interface OtherDevices {

    /**
     * A device that was enrolled.
     *
     * @param expires until when that is worth telling
     */
    record Added(UUID device, Instant expires) {}

    /**
     * Reads all of them at once.
     *
     * @return the confirmed devices with a push key that the owners of the added ones have besides;
     *     none for a device that is gone, and none once it is no longer worth telling
     */
    Mono<List<OtherDevice>> read(List<Added> added);
}
