/** The Postgres side of the ledger: stores invocations exactly once with their sums and the topic's offsets. Blocking JDBC. */
@NullMarked
package dev.wisp.billing.ledger;

import org.jspecify.annotations.NullMarked;
