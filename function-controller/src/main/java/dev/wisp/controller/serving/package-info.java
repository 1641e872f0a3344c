/** Knative's Serving API over HTTP, and the transcript of a deployment. */
@NullMarked
package dev.wisp.controller.serving;

import org.jspecify.annotations.NullMarked;
