/** Firebase Cloud Messaging, through firebase-admin or by HTTP/2. */
@NullMarked
package nod.dispatcher.fcm;

import org.jspecify.annotations.NullMarked;
