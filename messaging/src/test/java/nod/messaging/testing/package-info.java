/** What tests of every module share: real servers, and small doubles of the event log. */
@NullMarked
package nod.messaging.testing;

import org.jspecify.annotations.NullMarked;
