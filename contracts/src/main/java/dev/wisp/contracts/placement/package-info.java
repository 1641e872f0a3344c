/** On which nodes a revision may run, in Kubernetes' terms: labels, taints, tolerations. */
@NullMarked
package dev.wisp.contracts.placement;

import org.jspecify.annotations.NullMarked;
