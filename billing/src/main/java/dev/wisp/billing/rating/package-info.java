/** Checks what a node charged against the price book, with the same pure function the node used. */
@NullMarked
package dev.wisp.billing.rating;

import org.jspecify.annotations.NullMarked;
