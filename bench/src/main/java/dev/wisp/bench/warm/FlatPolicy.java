package dev.wisp.bench.warm;

import dev.wisp.bench.statistic.Median;
import java.util.List;

/** Decides whether memory grew while calls went on. */
final class FlatPolicy {

    /** The first third of a run fills caches; the other two are compared, and each needs so many samples. */
    static final int SAMPLES_MIN = 9;

    private static final double WITHIN = 1.05;
    private static final double SLACK_BYTES = 4 << 20;

    private FlatPolicy() {}

    /** Whether the median of the last third is within a twentieth and 4 MiB of the middle third's; in order, in equal distances. */
    static boolean isFlat(List<Long> bytes) {
        int third = bytes.size() / 3;
        double middle = Median.of(bytes.subList(third, 2 * third));
        double last = Median.of(bytes.subList(2 * third, bytes.size()));
        return last <= middle * WITHIN + SLACK_BYTES;
    }
}
