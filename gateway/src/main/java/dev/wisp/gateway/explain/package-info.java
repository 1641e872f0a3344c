/** Keeps what became of calls that did not simply go through to one instance, for people. */
@NullMarked
package dev.wisp.gateway.explain;

import org.jspecify.annotations.NullMarked;
