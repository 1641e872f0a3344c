/** Isolated processes: what a sandbox is started from, what it offers while it runs, how it ends. */
@NullMarked
package dev.wisp.node.sandbox;

import org.jspecify.annotations.NullMarked;
