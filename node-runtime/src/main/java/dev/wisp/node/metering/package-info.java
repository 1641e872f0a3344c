/** The proxy in front of every instance, which is also the meter: it sees both ends of an invocation and the instance's cgroup. */
@NullMarked
package dev.wisp.node.metering;

import org.jspecify.annotations.NullMarked;
