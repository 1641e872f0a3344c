/** What is computed from measurements: pure. */
@NullMarked
package dev.wisp.bench.statistic;

import org.jspecify.annotations.NullMarked;
