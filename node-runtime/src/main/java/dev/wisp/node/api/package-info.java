/** How the node meets the rest: its start and stop in a process, its HTTP resources, its listener for gateways on other hosts. */
@NullMarked
package dev.wisp.node.api;

import org.jspecify.annotations.NullMarked;
