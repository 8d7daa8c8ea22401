package nod.messaging.testing;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * A class of tests that runs beside those that come one after the other. The groups of its service
 * are on another Kafka, that of {@link TestServers#apart()}, which one such class uses at a time.
 * Not for what measures times.
 */
@Target(TYPE)
@Retention(RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("the second Kafka")
public @interface Apart {}
