/** What the terminal shows: tables, phases with seconds, JSON and YAML. */
@NullMarked
package dev.wisp.cli.console;

import org.jspecify.annotations.NullMarked;
