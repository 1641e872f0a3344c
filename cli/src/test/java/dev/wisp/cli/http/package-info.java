/** Tests of the command line in http. */
@NullMarked
package dev.wisp.cli.http;

import org.jspecify.annotations.NullMarked;
