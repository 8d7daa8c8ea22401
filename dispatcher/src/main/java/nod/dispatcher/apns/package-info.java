/** Apple Push Notification service, through pushy. */
@NullMarked
package nod.dispatcher.apns;

import org.jspecify.annotations.NullMarked;
