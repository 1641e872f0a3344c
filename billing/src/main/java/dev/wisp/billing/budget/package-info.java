/** What may be spent in a month: budgets, the thresholds that were crossed, and who is told. */
@NullMarked
package dev.wisp.billing.budget;

import org.jspecify.annotations.NullMarked;
