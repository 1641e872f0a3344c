/** A small HTTP/1.1 client: one exchange a connection, with trailers and a free choice of the host it names. */
@NullMarked
package dev.wisp.cli.http;

import org.jspecify.annotations.NullMarked;
