/** Tests of the whole node. */
@NullMarked
package dev.wisp.node;

import org.jspecify.annotations.NullMarked;
