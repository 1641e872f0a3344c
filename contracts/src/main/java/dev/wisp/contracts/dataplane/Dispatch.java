package dev.wisp.contracts.dataplane;

import dev.wisp.contracts.invocation.Trigger;
import dev.wisp.contracts.revision.RevisionId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway knows of a request when it hands it to a node.
 *
 * @param receivedAtMicros wall clock, microseconds since 1970 UTC
 * @param queueMicros time before this dispatch, without {@code startMicros}
 * @param startMicros time this request waited for an instance to start, 0 when it found one
 * @param cold the start this request caused or waited for, null when warm
 * @param remainingMillis what is left of the revision's timeout
 * @param brokenBefore instances that broke off with this request before
 * @param brokenMicros the part of {@code queueMicros} that it spent with them
 * @param repeatable whether the gateway sends it elsewhere, its body too, should this instance break off before it answers
 * @param stored whether it is made of a call that was stored, for a caller who does not wait; false when a gateway of before there was this left
 *     it out
 * @param attempt which one of the same call this is, from 1: those of a stored call count, and instances that broke off with it; 0 when a gateway of
 *     before there was this left it out
 */
public record Dispatch(
        UUID invocationId,
        RevisionId revision,
        String instanceId,
        long receivedAtMicros,
        long queueMicros,
        long startMicros,
        @Nullable StartTiming cold,
        long remainingMillis,
        int brokenBefore,
        long brokenMicros,
        boolean repeatable,
        boolean stored,
        int attempt) {

    /** What had it made. */
    public Trigger trigger() {
        return stored ? Trigger.PUBSUB : Trigger.HTTP;
    }
}
