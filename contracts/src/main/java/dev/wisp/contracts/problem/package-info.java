/** Error codes and the problem document every service answers with. */
@NullMarked
package dev.wisp.contracts.problem;

import org.jspecify.annotations.NullMarked;
