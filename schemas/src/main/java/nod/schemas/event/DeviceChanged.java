package nod.schemas.event;

import java.util.UUID;

/**
 * A device was enrolled, changed or removed. Happens with every write to the device's row.
 *
 * @param device the device's pk, also the record key
 * @param user authentik's identifier of the owner
 * @param sequence the row's version, counting up from 1: a consumer ignores one that is not newer
 * @param change what happened
 * @param name the device's name after the change
 * @param by who caused it
 */
public record DeviceChanged(
        UUID device, String user, long sequence, DeviceChange change, String name, Actor by)
        implements Event {

    @Override
    public Topic topic() {
        return Topic.DEVICE_CHANGED;
    }

    @Override
    public String key() {
        return device.toString();
    }
}
