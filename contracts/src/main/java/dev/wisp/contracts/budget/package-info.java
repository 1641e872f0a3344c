/** What gateways and billing say to each other about money that may still be spent. */
@NullMarked
package dev.wisp.contracts.budget;

import org.jspecify.annotations.NullMarked;
