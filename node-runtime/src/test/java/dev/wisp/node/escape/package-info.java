/** Attempts to get out of a sandbox, with a control that shows for each that it would work elsewhere. */
@NullMarked
package dev.wisp.node.escape;

import org.jspecify.annotations.NullMarked;
