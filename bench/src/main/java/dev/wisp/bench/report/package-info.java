/** The one form in which every benchmark writes its results. */
@NullMarked
package dev.wisp.bench.report;

import org.jspecify.annotations.NullMarked;
