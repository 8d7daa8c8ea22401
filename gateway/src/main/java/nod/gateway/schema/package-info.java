/** The API's description of itself: one OpenAPI document, and a page to read and try it. */
@NullMarked
package nod.gateway.schema;

import org.jspecify.annotations.NullMarked;
