/** The API's frame: which path answers whom, and how refusals look. */
@NullMarked
package nod.gateway.web;

import org.jspecify.annotations.NullMarked;
