/** Who may go to an instance now, who is held, and who is turned away. */
@NullMarked
package dev.wisp.gateway.admission;

import org.jspecify.annotations.NullMarked;
