/** What calls would cost, before there are any: here and at the published prices of others. */
@NullMarked
package dev.wisp.billing.estimate;

import org.jspecify.annotations.NullMarked;
