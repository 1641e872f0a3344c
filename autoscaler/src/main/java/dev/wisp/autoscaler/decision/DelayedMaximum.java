package dev.wisp.autoscaler.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The largest value of a sliding window, immutable. Kept as the values that can still become the maximum: strictly falling, at most
 * one a second, so never more than the window has seconds.
 */
public record DelayedMaximum(List<Entry> entries) {

    public static final DelayedMaximum EMPTY = new DelayedMaximum(List.of());

    /** A value and the last moment it was wanted. */
    public record Entry(Instant at, int value) {}

    public DelayedMaximum {
        entries = List.copyOf(entries);
    }

    /** The window after {@code value} came at {@code now}; entries as old as {@code window} are gone. */
    public DelayedMaximum with(Instant now, int value, Duration window) {
        List<Entry> kept = new ArrayList<>(entries.size() + 1);
        for (Entry entry : entries) {
            if (entry.value() > value && now.isBefore(entry.at().plus(window))) {
                kept.add(entry);
            }
        }
        if (kept.isEmpty() || kept.getLast().at().getEpochSecond() != now.getEpochSecond()) {
            kept.add(new Entry(now, value));
        }
        return new DelayedMaximum(kept);
    }

    /** 0 for an empty window. */
    public int maximum() {
        return entries.isEmpty() ? 0 : entries.getFirst().value();
    }
}
