/** How long an idle instance is worth keeping, and when one is worth starting before its call: values, learning and pure choices. */
@NullMarked
package dev.wisp.autoscaler.keepalive;

import org.jspecify.annotations.NullMarked;
