/** Inside the package whose loop a simulation steps. */
@NullMarked
package dev.wisp.autoscaler.signal;

import org.jspecify.annotations.NullMarked;
