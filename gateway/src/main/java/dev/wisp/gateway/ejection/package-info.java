/** Which instances are left alone for a while because no answer comes from them. */
@NullMarked
package dev.wisp.gateway.ejection;

import org.jspecify.annotations.NullMarked;
