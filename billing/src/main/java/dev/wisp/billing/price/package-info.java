/** Versions of the prices: how they are drafted, stored and made known to the nodes. */
@NullMarked
package dev.wisp.billing.price;

import org.jspecify.annotations.NullMarked;
