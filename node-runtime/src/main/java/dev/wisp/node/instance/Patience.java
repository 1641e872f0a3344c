package dev.wisp.node.instance;

import dev.wisp.contracts.revision.ScalingSpec;
import java.time.Duration;

/**
 * How long idle instances of a revision are left as they are.
 *
 * @param keepAlive how long one beyond what the plan holds may be idle
 * @param freezeAfter how long any may be idle before it is frozen, zero for ever
 * @param keepFrozen how long after its keep-alive one beyond the plan stays frozen, instead of being stopped, while nobody needs what it holds; zero where
 *     nothing is frozen
 */
record Patience(Duration keepAlive, Duration freezeAfter, Duration keepFrozen) {

    /** What was started for a request is kept at least until that request can have come, whatever the keep-alive. */
    static final Duration UNUSED_KEEP_ALIVE = Duration.ofSeconds(1);

    static Patience of(ScalingSpec scaling) {
        return new Patience(
                Duration.ofMillis(scaling.keepAliveMillis()),
                Duration.ofMillis(scaling.freezeAfterMillis()),
                Duration.ofMillis(scaling.freezeAfterMillis() == 0 ? 0 : scaling.keepFrozenMillis()));
    }

    boolean freezes() {
        return !freezeAfter.isZero();
    }

    boolean keepsFrozen() {
        return !keepFrozen.isZero();
    }

    /** What would be stopped after its keep-alive is frozen by then, if it is to be kept. */
    long freezeAfterNanos(boolean used) {
        return keepsFrozen() ? Math.min(freezeAfter.toNanos(), keepAliveNanos(used)) : freezeAfter.toNanos();
    }

    long keepAliveNanos(boolean used) {
        return used ? keepAlive.toNanos() : Math.max(keepAlive.toNanos(), UNUSED_KEEP_ALIVE.toNanos());
    }

    /** How long one beyond the plan may be idle before it is stopped. */
    long stopAfterNanos(boolean used) {
        return keepAliveNanos(used) + keepFrozen.toNanos();
    }

    /** How long after an instance became idle there may be something to do about it. */
    long nanos(boolean used) {
        return freezes() ? Math.min(stopAfterNanos(used), freezeAfterNanos(used)) : stopAfterNanos(used);
    }
}
