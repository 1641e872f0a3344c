/** What gateways tell the autoscaler about load. */
@NullMarked
package dev.wisp.contracts.demand;

import org.jspecify.annotations.NullMarked;
