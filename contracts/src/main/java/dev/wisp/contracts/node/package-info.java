/** What a node tells everyone about itself. */
@NullMarked
package dev.wisp.contracts.node;

import org.jspecify.annotations.NullMarked;
