/** The kernel as Java sees it: native calls with their errors, memory a child can be run from, and syscall programs. */
@NullMarked
package dev.wisp.node.linux;

import org.jspecify.annotations.NullMarked;
