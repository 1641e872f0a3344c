/** Instances on this node: when one may start, what becomes of it, and how the node converges on its share of the plan. */
@NullMarked
package dev.wisp.node.instance;

import org.jspecify.annotations.NullMarked;
