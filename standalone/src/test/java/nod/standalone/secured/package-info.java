/** The system on a Kafka, a PostgreSQL and gateways that speak TLS alone and ask who comes. */
@NullMarked
package nod.standalone.secured;

import org.jspecify.annotations.NullMarked;
