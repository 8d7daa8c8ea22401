/** Logins from end to end over HTTP, told through actors: authentik, phones, an auditor. */
@NullMarked
package nod.standalone.e2e;

import org.jspecify.annotations.NullMarked;
