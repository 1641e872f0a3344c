/** The bill in the form of FOCUS 1.4, for tools that read every provider's. */
@NullMarked
package dev.wisp.billing.export;

import org.jspecify.annotations.NullMarked;
