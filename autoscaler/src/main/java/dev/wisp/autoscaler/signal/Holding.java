package dev.wisp.autoscaler.signal;

import dev.wisp.autoscaler.decision.ScaleInputs.Held;
import dev.wisp.autoscaler.keepalive.EconomicKeepAlive;
import dev.wisp.autoscaler.keepalive.FixedKeepAlive;
import dev.wisp.autoscaler.keepalive.HistogramKeepAlive;
import dev.wisp.autoscaler.keepalive.HoldTerms;
import dev.wisp.autoscaler.keepalive.HoldWindows;
import dev.wisp.autoscaler.keepalive.IdleLevels;
import dev.wisp.autoscaler.keepalive.KeepAlive;
import dev.wisp.contracts.plan.KeepAliveHistory;
import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.contracts.revision.RevisionSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one revision holds while nobody calls, beyond its keep-alive: reports of demand become levels that rise and fall, and the revision's
 * keep-alive policy learns from them. Owned by the loop's thread.
 */
final class Holding {

    /** Until one was measured. */
    private static final double START_SECONDS_DEFAULT = 0.005;

    /** A start that takes long once, because an image had to come first, does not count for ever. */
    private static final double START_SMOOTHING = 0.2;

    private static final double BYTES_PER_GB = 1 << 30;

    /** Instances above this are not told apart. */
    private static final int LEVELS_MAX = 1_000;

    private final KeepAlive keepAlive;
    private final IdleLevels levels;
    private final double capacity;
    private double startSeconds;
    private Instant knownUntil = Instant.MIN;
    private boolean unsaved;

    private Holding(KeepAlive keepAlive, double capacity) {
        this.keepAlive = keepAlive;
        this.levels = new IdleLevels(keepAlive);
        this.capacity = capacity;
    }

    /**
     * Null for a revision where nothing is learnt.
     *
     * @param capacity requests one instance takes at once
     * @param idlePrice of a gigabyte held for a second, in seconds of waiting
     */
    static @Nullable Holding of(RevisionSpec spec, double capacity, double idlePrice) {
        return switch (spec.scaling().keepAlive()) {
            case FIXED, KNATIVE -> null;
            case HISTOGRAM -> new Holding(new HistogramKeepAlive(), capacity);
            case ECONOMIC -> {
                double memoryGb = Math.max(1, spec.limits().memoryBytes()) / BYTES_PER_GB;
                yield new Holding(
                        new EconomicKeepAlive(new HoldTerms(START_SECONDS_DEFAULT, memoryGb, 1, idlePrice)), capacity);
            }
        };
    }

    /** Load now, and the most there was since the last report. */
    void see(int requestsNow, int requestsPeak, Instant now) {
        if (!now.isAfter(knownUntil)) {
            return; // Read again, and learnt already.
        }
        double at = seconds(now);
        int before = levels.busy();
        int peak = instances(Math.max(requestsNow, requestsPeak));
        while (levels.busy() < peak) {
            levels.rise(at);
        }
        int busy = instances(requestsNow);
        while (levels.busy() > busy) {
            levels.fall(at);
        }
        unsaved |= peak != before || busy != before;
    }

    /** What was learnt, if anything since it was last asked; only of a policy that learns for longer than a topic is read again. */
    @Nullable
    KeepAliveHistory learnt(RevisionId revision, Instant now) {
        if (!unsaved || !(keepAlive instanceof EconomicKeepAlive economic)) {
            return null;
        }
        unsaved = false;
        List<Instant> idleSince =
                levels.idleSince().stream().map(Holding::instant).toList();
        return new KeepAliveHistory(revision, startSeconds, economic.learnt(), idleSince, now);
    }

    /** Goes on from what another process, or this one before it restarted, had learnt. */
    void recall(KeepAliveHistory history) {
        if (keepAlive instanceof EconomicKeepAlive economic) {
            economic.recall(history.levels());
            if (history.startSeconds() > 0) {
                startSeconds = history.startSeconds();
                economic.startsIn(startSeconds);
            }
            levels.recall(history.idleSince().stream().map(Holding::seconds).toList());
            knownUntil = history.at();
        }
    }

    /** One start was measured. */
    void started(Duration took) {
        double seconds = took.toNanos() / 1e9;
        if (seconds < 0) {
            return; // Two hosts' clocks differ.
        }
        startSeconds = startSeconds == 0 ? seconds : startSeconds + START_SMOOTHING * (seconds - startSeconds);
        if (keepAlive instanceof EconomicKeepAlive economic) {
            economic.startsIn(startSeconds);
        }
    }

    Held held(Instant now) {
        double at = seconds(now);
        return new Held(levels.busy() + levels.held(at), reason(at));
    }

    /** Whether time alone will change what is held. */
    boolean isWaiting(Instant now) {
        double age = levels.firstAge(seconds(now));
        HoldWindows windows = levels.firstWindows();
        return levels.held(seconds(now)) > 0 || windows.nextFrom(age).isPresent();
    }

    private String reason(double at) {
        double age = levels.firstAge(at);
        double until = levels.firstWindows().heldUntil(age).orElse(age);
        String times = "idle %s s, held until %s s".formatted(oneDecimal(age), oneDecimal(until));
        return switch (keepAlive) {
            case EconomicKeepAlive economic ->
                "%s: %.2g calls/s expected, worth it above %.2g (start %.1f ms, %.3g GB)"
                        .formatted(
                                times,
                                economic.hazard(1, age),
                                economic.terms().hazardMin(),
                                economic.terms().startSeconds() * 1_000,
                                economic.terms().memoryGb());
            case HistogramKeepAlive histogram -> times + " by the histogram of its idle times";
            case FixedKeepAlive fixed -> times;
        };
    }

    private int instances(int requests) {
        return (int) Math.min(LEVELS_MAX, Math.ceil(requests / capacity));
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / 1_000.0;
    }

    private static Instant instant(double seconds) {
        return Instant.ofEpochMilli(Math.round(seconds * 1_000));
    }

    private static String oneDecimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
