/** Reads the topics, runs the decisions, publishes the plans. */
@NullMarked
package dev.wisp.autoscaler.signal;

import org.jspecify.annotations.NullMarked;
