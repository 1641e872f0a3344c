/** What the function-controller tells everyone to run. */
@NullMarked
package dev.wisp.contracts.revision;

import org.jspecify.annotations.NullMarked;
