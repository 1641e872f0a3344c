/** How records cross the border between services: topics, JSON on the wire, and the Kafka client behind one small interface. */
@NullMarked
package dev.wisp.contracts.bus;

import org.jspecify.annotations.NullMarked;
