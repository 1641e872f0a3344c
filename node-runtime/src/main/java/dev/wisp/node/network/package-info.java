/** Sockets that live inside a sandbox's network namespace and are used from outside. */
@NullMarked
package dev.wisp.node.network;

import org.jspecify.annotations.NullMarked;
