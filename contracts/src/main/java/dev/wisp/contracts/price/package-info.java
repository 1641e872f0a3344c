/** The price book and the pure function that turns a metered invocation into money. */
@NullMarked
package dev.wisp.contracts.price;

import org.jspecify.annotations.NullMarked;
