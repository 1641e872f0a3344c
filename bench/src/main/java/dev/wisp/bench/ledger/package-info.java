/** Every answered call has exactly one record, whatever is killed. */
@NullMarked
package dev.wisp.bench.ledger;

import org.jspecify.annotations.NullMarked;
