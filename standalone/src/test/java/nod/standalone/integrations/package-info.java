/** What is installed elsewhere, tried without that elsewhere: authentik's blueprint. */
@NullMarked
package nod.standalone.integrations;

import org.jspecify.annotations.NullMarked;
