package dev.wisp.node.log;

/** A live reader of one revision's output. */
interface LogFollower {

    /** Called by the thread that carries the output; must return at once. */
    void offer(LogLine line);
}
