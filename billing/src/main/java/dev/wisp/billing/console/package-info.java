/** The page that shows the platform at work: its live feed, its overview, and the rules its files are served under. */
@NullMarked
package dev.wisp.billing.console;

import org.jspecify.annotations.NullMarked;
