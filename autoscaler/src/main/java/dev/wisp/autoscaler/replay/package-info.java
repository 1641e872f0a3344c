/** Runs recorded calls through the production keep-alive code in virtual time: what would another policy have cost. */
@NullMarked
package dev.wisp.autoscaler.replay;

import org.jspecify.annotations.NullMarked;
