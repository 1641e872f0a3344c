/** A platform in one thread: time that jumps from event to event, and a Kafka that delays, loses and repeats, both from one seed. */
@NullMarked
package dev.wisp.testkit.simulation;

import org.jspecify.annotations.NullMarked;
