/** A call that starts an instance. */
@NullMarked
package dev.wisp.bench.cold;

import org.jspecify.annotations.NullMarked;
