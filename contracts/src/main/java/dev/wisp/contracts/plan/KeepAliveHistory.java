package dev.wisp.contracts.plan;

import dev.wisp.contracts.revision.RevisionId;
import java.time.Instant;
import java.util.List;

/**
 * What an autoscaler has learnt of one revision's idle times, for whoever decides on it next.
 *
 * @param startSeconds what a start takes, 0 when none was measured
 * @param levels idle times of each level of concurrency, in the autoscaler's own form
 * @param idleSince since when each level above those in use is idle, lowest first
 * @param at until when it was learnt
 */
public record KeepAliveHistory(
        RevisionId revision, double startSeconds, List<byte[]> levels, List<Instant> idleSince, Instant at) {

    public KeepAliveHistory {
        levels = List.copyOf(levels);
        idleSince = List.copyOf(idleSince);
    }
}
