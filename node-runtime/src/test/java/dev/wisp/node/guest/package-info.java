/** Running integration tests in a guest machine, where no build tool is: see {@code src/test/guest/run}. */
@NullMarked
package dev.wisp.node.guest;

import org.jspecify.annotations.NullMarked;
