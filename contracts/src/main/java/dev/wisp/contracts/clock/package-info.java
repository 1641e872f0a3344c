/** The time that records, prices and budgets go by. */
@NullMarked
package dev.wisp.contracts.clock;

import org.jspecify.annotations.NullMarked;
