/** Tests. */
@NullMarked
package dev.wisp.node.instance;

import org.jspecify.annotations.NullMarked;
