/** Commands that start, stop and examine the platform on this machine. */
@NullMarked
package dev.wisp.cli.platform;

import org.jspecify.annotations.NullMarked;
