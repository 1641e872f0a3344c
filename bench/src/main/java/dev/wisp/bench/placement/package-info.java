/** How fast revisions are placed: the planner alone, under JMH. */
@NullMarked
package dev.wisp.bench.placement;

import org.jspecify.annotations.NullMarked;
