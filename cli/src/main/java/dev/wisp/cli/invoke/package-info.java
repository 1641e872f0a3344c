/** Calls a service and shows what the call cost. */
@NullMarked
package dev.wisp.cli.invoke;

import org.jspecify.annotations.NullMarked;
