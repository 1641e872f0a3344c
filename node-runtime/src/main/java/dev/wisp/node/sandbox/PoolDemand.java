package dev.wisp.node.sandbox;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts starts, by image and in all, and lets them fade as {@link PoolPolicy} says. Not thread-safe. */
final class PoolDemand {

    /** Images counted apart; the one that was started longest ago goes first. */
    private static final int ROOTS_MAX = 16;

    private final Map<ImageRoot, Level> roots = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ImageRoot, Level> eldest) {
            return size() > ROOTS_MAX;
        }
    };
    private Level all;

    private record Level(double starts, long atNanos) {

        double at(long nowNanos) {
            return PoolPolicy.decayed(starts, Duration.ofNanos(nowNanos - atNanos));
        }

        Level plusOne(long nowNanos) {
            return new Level(at(nowNanos) + 1, nowNanos);
        }
    }

    PoolDemand(long nowNanos) {
        all = new Level(0, nowNanos);
    }

    void started(ImageRoot root, long nowNanos) {
        all = all.plusOne(nowNanos);
        roots.put(root, roots.getOrDefault(root, new Level(0, nowNanos)).plusOne(nowNanos));
    }

    /** Counts its starts no more, until there are new ones. */
    void forget(ImageRoot root) {
        roots.remove(root);
    }

    double ofAll(long nowNanos) {
        return all.at(nowNanos);
    }

    Map<ImageRoot, Double> byRoot(long nowNanos) {
        Map<ImageRoot, Double> demand = new HashMap<>();
        roots.forEach((root, level) -> demand.put(root, level.at(nowNanos)));
        return demand;
    }
}
