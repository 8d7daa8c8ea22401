/** Firebase Cloud Messaging, HTTP v1, as its server speaks it. */
@NullMarked
package nod.simulators.fcm;

import org.jspecify.annotations.NullMarked;
