/**
 * The inner pieces that every login passes, by JMH. Those of others that are package-private are
 * measured by classes of their packages.
 */
@NullMarked
package nod.benchmarks.pieces;

import org.jspecify.annotations.NullMarked;
