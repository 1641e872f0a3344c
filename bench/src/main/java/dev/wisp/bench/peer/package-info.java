/** Other ways to run the same server, measured beside the platform. */
@NullMarked
package dev.wisp.bench.peer;

import org.jspecify.annotations.NullMarked;
