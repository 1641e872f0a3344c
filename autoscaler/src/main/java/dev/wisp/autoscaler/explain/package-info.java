/** Keeps the last decisions of every revision with their inputs, and serves them. */
@NullMarked
package dev.wisp.autoscaler.explain;

import org.jspecify.annotations.NullMarked;
