/** Takes back what was charged by mistake. */
@NullMarked
package dev.wisp.billing.correction;

import org.jspecify.annotations.NullMarked;
