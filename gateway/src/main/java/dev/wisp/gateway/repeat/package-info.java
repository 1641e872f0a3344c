/** Which requests go to another instance when the one that had them broke off. */
@NullMarked
package dev.wisp.gateway.repeat;

import org.jspecify.annotations.NullMarked;
