/** Firebase Cloud Messaging, through firebase-admin. */
@NullMarked
package nod.dispatcher.fcm;

import org.jspecify.annotations.NullMarked;
