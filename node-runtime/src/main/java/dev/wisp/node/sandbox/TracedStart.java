package dev.wisp.node.sandbox;

import java.util.List;

/** A sandbox that was started with every system call of its child taken down. */
public record TracedStart(Sandbox sandbox, List<StartStep> steps) {

    public TracedStart {
        steps = List.copyOf(steps);
    }
}
