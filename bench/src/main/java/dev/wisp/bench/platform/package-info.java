/** The platform under test: its API, its process, what a benchmark deploys to it. */
@NullMarked
package dev.wisp.bench.platform;

import org.jspecify.annotations.NullMarked;
