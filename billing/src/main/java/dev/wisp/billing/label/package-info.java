/** Labels of revisions, kept beside the ledger: what usage and budgets can be told apart by. */
@NullMarked
package dev.wisp.billing.label;

import org.jspecify.annotations.NullMarked;
