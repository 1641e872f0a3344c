/** How a command fails: what, why, evidence, next step, code, and the exit code for scripts. */
@NullMarked
package dev.wisp.cli.failure;

import org.jspecify.annotations.NullMarked;
