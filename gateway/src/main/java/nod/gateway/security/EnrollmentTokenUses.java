package nod.gateway.security;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.UUID;

/**
 * A line for each enrollment token that somebody tried to enrol with: who reads them sees a QR code
 * that was copied. Names the device that the token is of, and never the token. One that is not
 * known, or was pruned, is of no device and only counts as a failure.
 */
public final class EnrollmentTokenUses {

    private static final Logger log = LoggerFactory.getLogger(EnrollmentTokenUses.class);

    private EnrollmentTokenUses() {}

    /** A phone enrolled with it. */
    public static void succeeded(UUID device) {
        log.info("Device {} used its enrollment token", device);
    }

    /**
     * Nobody enrolled with it this time.
     *
     * @param why the end of a sentence
     */
    public static void refused(UUID device, String why) {
        log.info("The enrollment token of device {} was refused: {}", device, why);
    }
}
