package dev.wisp.gateway.demand;

import dev.wisp.contracts.demand.DemandReport;
import dev.wisp.contracts.revision.RevisionId;
import java.time.Instant;
import java.util.List;

/**
 * Load on one revision since the last report: the area under "held plus in flight" over time, so that the mean is exact however
 * short the requests are. Owned by the revision's event loop; time is passed in, from the monotonic clock.
 */
public final class DemandMeter {

    private static final double NANOS_PER_MILLI = 1e6;

    private final RevisionId revision;
    private int queued;
    private int inFlight;
    private int peak;
    private long arrivals;
    private double area;
    private long windowStartNanos;
    private long changedNanos;

    public DemandMeter(RevisionId revision, long nowNanos) {
        this.revision = revision;
        this.windowStartNanos = nowNanos;
        this.changedNanos = nowNanos;
    }

    /** A request came; it counts as held until {@link #sent}. */
    public void arrived(long nowNanos) {
        advance(nowNanos);
        queued++;
        arrivals++;
        peak = Math.max(peak, queued + inFlight);
    }

    /** A held request went to an instance. */
    public void sent() {
        queued--;
        inFlight++;
    }

    /** An instance refused the request: it is held again. */
    public void returned() {
        inFlight--;
        queued++;
    }

    /** A held request was answered by the gateway or given up by its caller. */
    public void dropped(long nowNanos) {
        advance(nowNanos);
        queued--;
    }

    /** A request left its instance. */
    public void finished(long nowNanos) {
        advance(nowNanos);
        inFlight--;
    }

    /** Whether there is load now, or was any since the last report. */
    public boolean isActive() {
        return queued + inFlight > 0 || arrivals > 0;
    }

    public RevisionId revision() {
        return revision;
    }

    /**
     * Figures since the last report; a new window begins.
     *
     * @param unreachable nodes that the gateway cannot reach now
     */
    public DemandReport report(String gatewayId, Instant at, long nowNanos, List<String> unreachable) {
        advance(nowNanos);
        long windowNanos = nowNanos - windowStartNanos;
        int concurrency = queued + inFlight;
        DemandReport report = new DemandReport(
                revision,
                gatewayId,
                at,
                Math.round(windowNanos / NANOS_PER_MILLI),
                inFlight,
                queued,
                arrivals,
                windowNanos <= 0 ? concurrency : area / windowNanos,
                Math.max(peak, concurrency),
                unreachable);
        restart(nowNanos);
        return report;
    }

    /** Begins a window without a report of what was before: nothing was. */
    public void restart(long nowNanos) {
        windowStartNanos = nowNanos;
        changedNanos = nowNanos;
        area = 0;
        arrivals = 0;
        peak = queued + inFlight;
    }

    private void advance(long nowNanos) {
        area += (double) (queued + inFlight) * (nowNanos - changedNanos);
        changedNanos = nowNanos;
    }
}
