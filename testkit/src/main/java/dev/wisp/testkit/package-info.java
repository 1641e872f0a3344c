/** What tests of several modules share: architecture rules, a manual clock, an in-memory bus. Test scope only. */
@NullMarked
package dev.wisp.testkit;

import org.jspecify.annotations.NullMarked;
