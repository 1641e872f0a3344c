/** Tests. */
@NullMarked
package dev.wisp.node.log;

import org.jspecify.annotations.NullMarked;
