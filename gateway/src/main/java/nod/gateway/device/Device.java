package nod.gateway.device;

import nod.schemas.event.Actor;
import nod.schemas.event.DeviceChange;
import nod.schemas.event.DeviceChanged;

import java.util.UUID;

/**
 * A phone in the registry.
 *
 * @param pk its identity
 * @param user authentik's identifier of its owner
 * @param name what it is called, at most 64 characters
 * @param confirmed whether its phone has enrolled
 * @param info what the phone last said of itself
 * @param sequence the row's version
 */
public record Device(
        UUID pk, String user, String name, boolean confirmed, DeviceInfo info, long sequence) {

    /** The contract's bound of a name. */
    public static final int MAX_NAME = 64;

    /** The event that tells of the change that led to this version. */
    public DeviceChanged changed(DeviceChange change, Actor by) {
        return new DeviceChanged(pk, user, sequence, change, name, by);
    }

    /** A hostname as a name: cut where it is too long. */
    public static String nameOf(String hostname) {
        return hostname.codePointCount(0, hostname.length()) <= MAX_NAME
                ? hostname
                : hostname.substring(0, hostname.offsetByCodePoints(0, MAX_NAME));
    }
}
