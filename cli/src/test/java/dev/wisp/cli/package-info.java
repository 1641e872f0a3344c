/** Tests of the command line. */
@NullMarked
package dev.wisp.cli;

import org.jspecify.annotations.NullMarked;
