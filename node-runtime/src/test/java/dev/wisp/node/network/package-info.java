/** Sockets and ways out, tested in namespaces of the tests' own. */
@NullMarked
package dev.wisp.node.network;

import org.jspecify.annotations.NullMarked;
