/** One process with the services it is told to run, and, unless told otherwise, its own Kafka and Postgres. */
@NullMarked
package dev.wisp.standalone;

import org.jspecify.annotations.NullMarked;
