/** What is sent to a phone, where to, and what a provider can answer: the port to the providers. */
@NullMarked
package nod.dispatcher.push;

import org.jspecify.annotations.NullMarked;
