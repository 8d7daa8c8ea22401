/** The service that sends pushes through FCM and APNs and reports each delivery. */
@NullMarked
package nod.dispatcher;

import org.jspecify.annotations.NullMarked;
