/** What the autoscaler tells nodes and gateways to hold and what they may start on their own. */
@NullMarked
package dev.wisp.contracts.plan;

import org.jspecify.annotations.NullMarked;
