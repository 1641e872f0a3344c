@NullMarked
package dev.wisp.node.trace;

import org.jspecify.annotations.NullMarked;
