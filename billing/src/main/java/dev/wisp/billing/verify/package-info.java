/** Recomputes the ledger from its records and prices, and says the first thing that is wrong. Blocking JDBC. */
@NullMarked
package dev.wisp.billing.verify;

import org.jspecify.annotations.NullMarked;
