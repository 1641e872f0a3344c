/** Which node holds and which may start how many of them: pure. */
@NullMarked
package dev.wisp.autoscaler.placement;

import org.jspecify.annotations.NullMarked;
