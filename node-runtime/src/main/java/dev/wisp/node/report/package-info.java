/** The journal of invocations: written before a response ends, shipped to the broker afterwards, replayed at start. */
@NullMarked
package dev.wisp.node.report;

import org.jspecify.annotations.NullMarked;
