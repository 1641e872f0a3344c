/** Which host leads to which revisions. */
@NullMarked
package dev.wisp.contracts.route;

import org.jspecify.annotations.NullMarked;
