/** Which revision answers for a host, from the last state the platform announced. */
@NullMarked
package dev.wisp.gateway.routing;

import org.jspecify.annotations.NullMarked;
