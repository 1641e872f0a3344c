/** The ledger's own speed: records a second beside plain COPY, size of a record, and time of the console's questions. */
@NullMarked
package dev.wisp.bench.billing;

import org.jspecify.annotations.NullMarked;
