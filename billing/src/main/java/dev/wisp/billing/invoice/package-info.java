/** Invoices: what a month costs as a document that is numbered, never changed, and can be recomputed. */
@NullMarked
package dev.wisp.billing.invoice;

import org.jspecify.annotations.NullMarked;
