package dev.wisp.autoscaler.replay;

import java.util.List;

/**
 * What is replayed.
 *
 * @param endSeconds when it ends; instances held until then are paid until then
 */
public record Recording(List<CallSeries> series, double endSeconds) {

    public Recording {
        series = List.copyOf(series);
    }

    public long calls() {
        return series.stream().mapToLong(one -> one.calls()).sum();
    }
}
