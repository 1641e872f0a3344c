/** What nodes tell everyone about the instances they run. */
@NullMarked
package dev.wisp.contracts.instance;

import org.jspecify.annotations.NullMarked;
