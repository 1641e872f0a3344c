/** Which system calls a workload may make: the written policy, and the filter program made of it. */
@NullMarked
package dev.wisp.node.linux.seccomp;

import org.jspecify.annotations.NullMarked;
