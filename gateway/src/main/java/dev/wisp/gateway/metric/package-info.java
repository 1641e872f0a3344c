/** What the gateway counts and measures, under stable names. */
@NullMarked
package dev.wisp.gateway.metric;

import org.jspecify.annotations.NullMarked;
