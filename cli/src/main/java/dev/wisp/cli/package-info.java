/** The command {@code wisp}: what it is made of and how it is started. */
@NullMarked
package dev.wisp.cli;

import org.jspecify.annotations.NullMarked;
