/** Builds the images of the samples from their sources, as part of the Maven build: no binary is kept in the repository. */
@NullMarked
package dev.wisp.samples.build;

import org.jspecify.annotations.NullMarked;
