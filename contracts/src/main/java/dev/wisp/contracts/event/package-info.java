/** Events for the world outside, as CloudEvents, and how they get there. */
@NullMarked
package dev.wisp.contracts.event;

import org.jspecify.annotations.NullMarked;
