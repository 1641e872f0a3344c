/** A real Kafka broker and a real Postgres inside one process tree, for one machine and for tests. */
@NullMarked
package dev.wisp.embedded;

import org.jspecify.annotations.NullMarked;
