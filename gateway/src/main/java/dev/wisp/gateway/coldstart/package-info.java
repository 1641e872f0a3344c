/** Which node is asked to start an instance for the requests that are held. */
@NullMarked
package dev.wisp.gateway.coldstart;

import org.jspecify.annotations.NullMarked;
