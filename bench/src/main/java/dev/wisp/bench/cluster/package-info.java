/** A whole platform in processes of its own, one for each part, so that each can be killed alone. */
@NullMarked
package dev.wisp.bench.cluster;

import org.jspecify.annotations.NullMarked;
