/** HTTP at the gateway's edges: callers in front, nodes behind. */
@NullMarked
package dev.wisp.gateway.proxy;

import org.jspecify.annotations.NullMarked;
