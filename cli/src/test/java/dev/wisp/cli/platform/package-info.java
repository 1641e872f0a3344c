/** Tests of the command line in platform. */
@NullMarked
package dev.wisp.cli.platform;

import org.jspecify.annotations.NullMarked;
