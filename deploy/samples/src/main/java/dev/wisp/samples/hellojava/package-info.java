/** The sample service {@code hello-java}: what a heavy runtime costs on a cold start. */
@NullMarked
package dev.wisp.samples.hellojava;

import org.jspecify.annotations.NullMarked;
