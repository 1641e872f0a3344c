package dev.wisp.node.instance;

/** What can happen to an instance. */
sealed interface InstanceInput {

    /** The sandbox listens on its port. */
    record Listening(long nowNanos) implements InstanceInput {}

    /** A request asks to come in. */
    record RequestArrived() implements InstanceInput {}

    /** A request that was inside is over. */
    record RequestEnded(long nowNanos) implements InstanceInput {}

    /** It shall take nothing new; with {@code onlyIdle} only if nothing is inside. */
    record DrainAsked(Ending ending, boolean onlyIdle) implements InstanceInput {}

    /** The process is gone, or never came to be. */
    record ProcessEnded(Ending ending) implements InstanceInput {}
}
