/** Tests of the samples and of how they are built. */
@NullMarked
package dev.wisp.samples.build;

import org.jspecify.annotations.NullMarked;
