/** Benchmarks of a running platform beside its peers, in one run. */
@NullMarked
package dev.wisp.bench;

import org.jspecify.annotations.NullMarked;
