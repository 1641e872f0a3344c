/** Tests of the autoscaler as a whole. */
@NullMarked
package dev.wisp.autoscaler;

import org.jspecify.annotations.NullMarked;
