/** Commands that show what services wrote and what they cost. */
@NullMarked
package dev.wisp.cli.observe;

import org.jspecify.annotations.NullMarked;
