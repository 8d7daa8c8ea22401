/** The real SDKs, led to the simulators. */
@NullMarked
package nod.simulators.sdk;

import org.jspecify.annotations.NullMarked;
