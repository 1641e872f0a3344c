/** Options that many commands share, and the environment variables behind every option. */
@NullMarked
package dev.wisp.cli.option;

import org.jspecify.annotations.NullMarked;
