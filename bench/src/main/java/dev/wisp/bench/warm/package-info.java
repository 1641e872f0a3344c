/** Calls to an instance that runs. */
@NullMarked
package dev.wisp.bench.warm;

import org.jspecify.annotations.NullMarked;
