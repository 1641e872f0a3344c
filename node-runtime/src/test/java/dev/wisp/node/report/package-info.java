/** Tests. */
@NullMarked
package dev.wisp.node.report;

import org.jspecify.annotations.NullMarked;
