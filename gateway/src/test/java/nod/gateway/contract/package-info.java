/**
 * Holds every HTTP exchange of the tests against the document that the gateway serves: clients that
 * check what they send and get, and nothing around them.
 */
@NullMarked
package nod.gateway.contract;

import org.jspecify.annotations.NullMarked;
