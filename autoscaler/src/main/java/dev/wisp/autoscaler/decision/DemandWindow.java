package dev.wisp.autoscaler.decision;

import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.revision.ScalingSpec.Averaging;
import dev.wisp.contracts.revision.ScalingSpec.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The recent load on one revision, added up over its gateways. A report covers parts of seconds, so a bucket holds load times time;
 * the first second of an episode and the present one are scaled to what was covered of them, else a burst that begins at 0.9 s would
 * look like a tenth of itself. Time comes in with every call. Owned by one thread.
 */
public final class DemandWindow {

    /** A gateway reports every 250 ms while there is load: one that missed four has none, or is gone. */
    private static final Duration REPORT_EXPIRY = Duration.ofSeconds(1);

    private static final long REPORT_WINDOW_MILLIS_MAX = 10_000;
    /** Less of a second than this says too little about the whole of it. */
    private static final long COVERED_MILLIS_MIN = 200;

    private static final int GATEWAYS_MAX = 256;

    private final Metric metric;
    private final WindowBuckets stable;
    private final WindowBuckets panic;
    private final Map<String, Level> gateways = new HashMap<>();
    private @Nullable Instant episodeStart;
    private Instant coveredUntil = Instant.EPOCH;
    private @Nullable Instant lastDemandAt;

    private record Level(Instant at, int requests) {}

    /** Load averaged over the two windows. */
    public record Averages(double stable, double panic) {}

    public DemandWindow(Metric metric, Duration stableWindow, Duration panicWindow) {
        this(metric, stableWindow, panicWindow, Averaging.LINEAR);
    }

    public DemandWindow(Metric metric, Duration stableWindow, Duration panicWindow, Averaging averaging) {
        this.metric = metric;
        this.stable = new WindowBuckets(stableWindow, averaging);
        this.panic = new WindowBuckets(panicWindow, averaging);
    }

    /** Takes a report that came at {@code now}, true if it tells of load; one from the future (clocks differ) counts as from now. */
    public boolean add(DemandReport report, Instant now) {
        Instant at = report.at().isAfter(now) ? now : report.at();
        int requests = Math.max(0, report.inFlight()) + Math.max(0, report.queued());
        if (gateways.size() < GATEWAYS_MAX || gateways.containsKey(report.gatewayId())) {
            gateways.put(report.gatewayId(), new Level(at, requests));
        }
        boolean demand = requests > 0 || report.arrivals() > 0 || report.averageConcurrency() > 0;
        if (demand) {
            lastDemandAt = later(lastDemandAt, at);
        }
        if (demand || episodeStart != null) {
            spread(report, at);
            coveredUntil = later(coveredUntil, at);
        }
        return demand;
    }

    /** The last load there was before this window began. */
    public void recall(Instant lastDemand) {
        lastDemandAt = later(lastDemandAt, lastDemand);
    }

    /** Requests inside instances or held at gateways, by the last reports. */
    public int requests(Instant now) {
        gateways.values().removeIf(level -> level.at().plus(REPORT_EXPIRY).isBefore(now));
        return (int) Math.min(
                Integer.MAX_VALUE,
                gateways.values().stream().mapToLong(Level::requests).sum());
    }

    /** The last moment with any load, null when there never was. */
    public @Nullable Instant lastDemandAt(Instant now) {
        return requests(now) > 0 ? now : lastDemandAt;
    }

    public Averages averages(Instant now) {
        if (episodeStart == null) {
            return new Averages(0, 0);
        }
        stable.add(now, 0);
        panic.add(now, 0);
        if (metric == Metric.CONCURRENCY && hasJustBegun(episodeStart)) {
            return new Averages(requests(now), requests(now));
        }
        OptionalDouble present = present(now);
        return new Averages(stable.average(present), panic.average(present));
    }

    /** Forgets the load, not when it was: what comes next is a new episode. */
    public void startOver() {
        episodeStart = null;
        stable.clear();
        panic.clear();
    }

    private void spread(DemandReport report, Instant at) {
        long windowMillis = Math.clamp(report.windowMillis(), 0, REPORT_WINDOW_MILLIS_MAX);
        Instant from = at.minusMillis(windowMillis);
        if (episodeStart == null) {
            episodeStart = from;
        }
        if (windowMillis == 0) {
            addSlice(at, metric == Metric.RPS ? (double) report.arrivals() : 0);
            return;
        }
        double load = metric == Metric.RPS
                ? report.arrivals() * 1000.0 / windowMillis
                : Math.max(0, report.averageConcurrency());
        for (Instant slice = from; slice.isBefore(at); slice = nextSecond(slice)) {
            Instant end = nextSecond(slice).isBefore(at) ? nextSecond(slice) : at;
            addSlice(slice, load * Duration.between(slice, end).toMillis() / 1000);
        }
    }

    private void addSlice(Instant slice, double value) {
        double scaled = value / firstSecondShare(slice);
        stable.add(slice, scaled);
        panic.add(slice, scaled);
    }

    /**
     * Share of the slice's second that the episode can cover: less than 1 only for its first second. Arrivals come at a moment rather
     * than over time, so for a rate the share has a floor.
     */
    private double firstSecondShare(Instant slice) {
        Instant start = episodeStart;
        if (start == null || start.getEpochSecond() != slice.getEpochSecond()) {
            return 1;
        }
        long floor = metric == Metric.RPS ? COVERED_MILLIS_MIN : 1;
        return Math.max(floor, 1000 - millisOfSecond(start)) / 1000.0;
    }

    /**
     * Whether too little time is covered for any mean. Told from the whole episode, not from the present second: a first report at
     * 0.999 s must count in full at 1.001 s too.
     */
    private boolean hasJustBegun(Instant start) {
        return Duration.between(start, coveredUntil).toMillis() < COVERED_MILLIS_MIN;
    }

    /** The present second as if all of it were like what is known of it; empty when too little is. */
    private OptionalDouble present(Instant now) {
        Instant second = Instant.ofEpochSecond(now.getEpochSecond());
        Instant start = episodeStart == null || episodeStart.isBefore(second) ? second : episodeStart;
        long coveredMillis = Math.max(0, Duration.between(start, coveredUntil).toMillis());
        boolean first = start.equals(episodeStart);
        if (coveredMillis < COVERED_MILLIS_MIN) {
            return first && metric == Metric.RPS ? OptionalDouble.of(firstGlimpse(now)) : OptionalDouble.empty();
        }
        double seen = stable.at(now) * firstSecondShare(start);
        return OptionalDouble.of(seen * 1000 / coveredMillis);
    }

    /** The rate of an episode that has just begun: what arrived, as if in {@value #COVERED_MILLIS_MIN} ms. */
    private double firstGlimpse(Instant now) {
        return stable.at(now) * firstSecondShare(now) * 1000 / COVERED_MILLIS_MIN;
    }

    private static Instant nextSecond(Instant at) {
        return Instant.ofEpochSecond(at.getEpochSecond() + 1);
    }

    private static long millisOfSecond(Instant at) {
        return Math.floorMod(at.toEpochMilli(), 1_000L);
    }

    private static Instant later(@Nullable Instant a, Instant b) {
        return a == null || b.isAfter(a) ? b : a;
    }
}
