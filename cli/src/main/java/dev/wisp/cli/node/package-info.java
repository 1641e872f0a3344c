/** {@code wisp nodes}: the machines that run instances. */
@NullMarked
package dev.wisp.cli.node;

import org.jspecify.annotations.NullMarked;
