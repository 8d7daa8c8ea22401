/** How a phone becomes a device: the QR code, the callback, the status. */
@NullMarked
package nod.gateway.enrollment;

import org.jspecify.annotations.NullMarked;
