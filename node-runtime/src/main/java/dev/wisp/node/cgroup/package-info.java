/** Limits and counters of sandboxes: one interface over cgroup v1 and v2. */
@NullMarked
package dev.wisp.node.cgroup;

import org.jspecify.annotations.NullMarked;
