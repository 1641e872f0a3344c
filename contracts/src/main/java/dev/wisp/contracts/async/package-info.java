/** Calls that are stored first and made later, and what became of them. */
@NullMarked
package dev.wisp.contracts.async;

import org.jspecify.annotations.NullMarked;
