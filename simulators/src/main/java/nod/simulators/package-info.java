/** FCM and APNs at wire level, in one process, for tests, demonstrations and load. */
@NullMarked
package nod.simulators;

import org.jspecify.annotations.NullMarked;
