package nod.dispatcher.notice;

import nod.dispatcher.push.DeviceAdded;
import nod.dispatcher.push.PushAddress;

import java.time.Duration;

/**
 * A device whose owner has got another one, and has a push key.
 *
 * @param notice what its owner is told, without a name where its pushes are sealed
 * @param left for how long that is worth telling, by the database's clock; more than zero
 */
record OtherDevice(PushAddress address, DeviceAdded notice, Duration left) {}
