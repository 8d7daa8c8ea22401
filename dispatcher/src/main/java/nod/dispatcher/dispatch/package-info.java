/** From a started transaction to one report for each asked device. */
@NullMarked
package nod.dispatcher.dispatch;

import org.jspecify.annotations.NullMarked;
