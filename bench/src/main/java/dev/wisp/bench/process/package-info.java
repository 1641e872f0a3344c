/** Processes of this host: their processor time, and a shell that starts them. */
@NullMarked
package dev.wisp.bench.process;

import org.jspecify.annotations.NullMarked;
