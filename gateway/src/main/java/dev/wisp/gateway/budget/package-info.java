/** Budgets in the request path: what may be admitted, and the money that is set aside for it. */
@NullMarked
package dev.wisp.gateway.budget;

import org.jspecify.annotations.NullMarked;
