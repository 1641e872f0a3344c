/** Measures sandboxes alone, made by the node's own code in this process, beside other ways to start the same server. */
@NullMarked
package dev.wisp.bench.sandbox;

import org.jspecify.annotations.NullMarked;
