/** A raw HTTP/1.1 client: as little as possible between the clock and the wire. */
@NullMarked
package dev.wisp.bench.http;

import org.jspecify.annotations.NullMarked;
