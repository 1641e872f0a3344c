/** What a gateway asks of a node while a request waits: start an instance, proxy a request to it. */
@NullMarked
package dev.wisp.contracts.dataplane;

import org.jspecify.annotations.NullMarked;
