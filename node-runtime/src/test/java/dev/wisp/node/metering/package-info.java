/** Tests. */
@NullMarked
package dev.wisp.node.metering;

import org.jspecify.annotations.NullMarked;
