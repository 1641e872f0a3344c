/** A load that comes and goes, and how long the platform takes to follow it. */
@NullMarked
package dev.wisp.bench.load;

import org.jspecify.annotations.NullMarked;
