/** Calls while parts of the platform are killed that no call should need. */
@NullMarked
package dev.wisp.bench.chaos;

import org.jspecify.annotations.NullMarked;
