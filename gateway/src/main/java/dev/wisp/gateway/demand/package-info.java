/** How much load each revision has, as the autoscaler is told. */
@NullMarked
package dev.wisp.gateway.demand;

import org.jspecify.annotations.NullMarked;
