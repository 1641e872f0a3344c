/** What calls cost: the bill, its records and prices, estimates, and the check of the ledger. */
@NullMarked
package dev.wisp.cli.billing;

import org.jspecify.annotations.NullMarked;
