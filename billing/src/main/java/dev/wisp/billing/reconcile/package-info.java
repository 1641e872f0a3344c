/** Compares what the ledger says of processors with what the nodes' kernels counted. */
@NullMarked
package dev.wisp.billing.reconcile;

import org.jspecify.annotations.NullMarked;
