/** The platform under test: its API, its process, what a benchmark deploys to it. */
@NullMarked
package dev.wisp.bench.target;

import org.jspecify.annotations.NullMarked;
