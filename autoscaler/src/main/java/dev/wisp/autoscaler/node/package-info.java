/** The nodes as an operator sees them, and what operators want of them. */
@NullMarked
package dev.wisp.autoscaler.node;

import org.jspecify.annotations.NullMarked;
