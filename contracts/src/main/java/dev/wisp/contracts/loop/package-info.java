/** What event loops of this process have in common, whichever module's connections they serve. */
@NullMarked
package dev.wisp.contracts.loop;

import org.jspecify.annotations.NullMarked;
