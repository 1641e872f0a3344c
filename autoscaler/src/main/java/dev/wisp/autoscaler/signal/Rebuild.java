package dev.wisp.autoscaler.signal;

import dev.wisp.contracts.demand.DemandReport;
import java.time.Duration;
import java.time.Instant;

/**
 * Goes through a revision's recent past as the owner before did: its reports again, and at each tick between them the decision they led to,
 * so that windows, panic and delays are where that owner had them. How many instances were ready then is not known; those that the last
 * decision asked for are taken to have been, since a start takes milliseconds. Owned by the loop's thread.
 */
final class Rebuild {

    /** The first report that is read again looks like the beginning of an episode; what follows from that must be over. */
    static final Duration MARGIN = Duration.ofSeconds(30);

    /** As often as gateways report. */
    private static final Duration TICK = Duration.ofMillis(250);

    private Instant until = Instant.MIN;
    private Instant decidedAt = Instant.MIN;
    private int ready;
    private boolean idle = true;

    void take(RevisionTrack track, DemandReport report, boolean routed) {
        until = until.isAfter(report.at()) ? until : report.at();
        while (!idle && decidedAt.plus(TICK).isBefore(until)) {
            decide(track, routed, decidedAt.plus(TICK));
        }
        boolean woken = track.add(report, until) && idle;
        if (woken || (!idle && !decidedAt.plus(TICK).isAfter(until))) {
            decide(track, routed, until);
        }
    }

    private void decide(RevisionTrack track, boolean routed, Instant at) {
        RevisionTrack.Outcome outcome = track.outcome(routed, ready, at);
        ready = outcome.decision().desired();
        idle = outcome.decision().idle();
        decidedAt = at;
    }
}
