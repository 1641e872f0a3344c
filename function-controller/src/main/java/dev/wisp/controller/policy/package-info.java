/** What a service may ask for: pure checks from what a client wrote to a {@link dev.wisp.controller.policy.Workload}. */
@NullMarked
package dev.wisp.controller.policy;

import org.jspecify.annotations.NullMarked;
