/** Tests. */
@NullMarked
package dev.wisp.node.api;

import org.jspecify.annotations.NullMarked;
