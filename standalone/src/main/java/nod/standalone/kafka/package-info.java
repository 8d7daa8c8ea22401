/** A real Kafka broker inside this process that keeps its records. */
@NullMarked
package nod.standalone.kafka;

import org.jspecify.annotations.NullMarked;
