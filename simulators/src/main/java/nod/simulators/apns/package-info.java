/** The Apple Push Notification service, as its server speaks it. */
@NullMarked
package nod.simulators.apns;

import org.jspecify.annotations.NullMarked;
