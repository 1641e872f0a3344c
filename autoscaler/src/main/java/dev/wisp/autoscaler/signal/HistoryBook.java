package dev.wisp.autoscaler.signal;

import dev.wisp.contracts.bus.Bus;
import dev.wisp.contracts.bus.Topics;
import dev.wisp.contracts.plan.KeepAliveHistory;
import dev.wisp.contracts.revision.RevisionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was learnt of idle times, kept in a topic so that it outlives who learnt it. Written now and then: what is lost with a process that
 * dies is half a minute of it. Owned by the loop's thread.
 */
final class HistoryBook {

    private static final Duration SAVE_EVERY = Duration.ofSeconds(30);

    private final Bus bus;
    private final Map<RevisionId, KeepAliveHistory> kept = new HashMap<>();
    private Instant saveAt = Instant.MIN;

    HistoryBook(Bus bus) {
        this.bus = bus;
    }

    void see(RevisionId revision, @Nullable KeepAliveHistory history) {
        if (history == null) {
            kept.remove(revision);
        } else {
            kept.put(revision, history);
        }
    }

    /** Gives a track what was learnt of its revision before. */
    void recall(RevisionTrack track) {
        KeepAliveHistory history = kept.get(track.spec().id());
        if (history != null) {
            track.recall(history);
        }
    }

    /** Writes what these tracks have learnt, if that is due. */
    void saveIfDue(Collection<RevisionTrack> tracks, Ownership ownership, Instant now) {
        if (!now.isBefore(saveAt)) {
            saveAt = now.plus(SAVE_EVERY);
            save(tracks, ownership, now);
        }
    }

    void save(Collection<RevisionTrack> tracks, Ownership ownership, Instant now) {
        for (RevisionTrack track : tracks) {
            RevisionId revision = track.spec().id();
            KeepAliveHistory history = ownership.decides(revision) ? track.learnt(now) : null;
            if (history != null) {
                kept.put(revision, history);
                bus.publish(Topics.HISTORIES, revision.toString(), history);
            }
        }
    }

    /** The revision is gone. */
    void forget(RevisionId revision) {
        if (kept.remove(revision) != null) {
            bus.publish(Topics.HISTORIES, revision.toString(), null);
        }
    }
}
