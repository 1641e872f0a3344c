/** How many instances a revision should have, and why: values and pure functions. */
@NullMarked
package dev.wisp.autoscaler.decision;

import org.jspecify.annotations.NullMarked;
