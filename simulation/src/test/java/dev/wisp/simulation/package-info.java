/** Gateways, autoscalers and nodes with their production decisions, in one thread, from a seed. */
@NullMarked
package dev.wisp.simulation;

import org.jspecify.annotations.NullMarked;
