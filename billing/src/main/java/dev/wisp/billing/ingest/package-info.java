/** Reads invocations from Kafka into the ledger: one consumer on one thread, its offsets in Postgres. Blocking. */
@NullMarked
package dev.wisp.billing.ingest;

import org.jspecify.annotations.NullMarked;
