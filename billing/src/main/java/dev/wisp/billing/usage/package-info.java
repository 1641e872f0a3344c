/** What was used and what it cost, from the sums and the records of the ledger, over HTTP. Mutiny end to end. */
@NullMarked
package dev.wisp.billing.usage;

import org.jspecify.annotations.NullMarked;
