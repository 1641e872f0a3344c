/** Tests of what is printed. */
@NullMarked
package dev.wisp.cli.console;

import org.jspecify.annotations.NullMarked;
