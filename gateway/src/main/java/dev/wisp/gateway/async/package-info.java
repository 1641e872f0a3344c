/** Calls that are stored first and made later: taking them, making them again until they are over, and saying how they ended. */
@NullMarked
package dev.wisp.gateway.async;

import org.jspecify.annotations.NullMarked;
