/** Tests of billing as a whole, and the records they use. */
@NullMarked
package dev.wisp.billing;

import org.jspecify.annotations.NullMarked;
