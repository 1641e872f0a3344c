package dev.wisp.node.report;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Bounds of a journal.
 *
 * @param folder where its files are
 * @param segmentBytes size of one file
 * @param segmentsMax most files at once
 * @param syncEvery how often what the broker does not have is brought to the disk; zero leaves that to the kernel
 */
public record JournalSettings(Path folder, int segmentBytes, int segmentsMax, Duration syncEvery) {

    private static final int SEGMENT_BYTES_MIN = 4 << 10;
    private static final int SEGMENTS_MIN = 4;
    private static final Duration SYNC_EVERY_MIN = Duration.ofMillis(10);
    private static final Duration SYNC_EVERY_MAX = Duration.ofMinutes(1);

    public JournalSettings {
        if (segmentBytes < SEGMENT_BYTES_MIN || segmentsMax < SEGMENTS_MIN) {
            throw new IllegalArgumentException("journal: segmentBytes=%d (>= %d), segmentsMax=%d (>= %d)"
                    .formatted(segmentBytes, SEGMENT_BYTES_MIN, segmentsMax, SEGMENTS_MIN));
        }
        boolean syncs = !syncEvery.isZero();
        if (syncs && (syncEvery.compareTo(SYNC_EVERY_MIN) < 0 || syncEvery.compareTo(SYNC_EVERY_MAX) > 0)) {
            throw new IllegalArgumentException(
                    "wisp.node.report.sync-every=%s, must be 10 ms to 1 minute, or 0".formatted(syncEvery));
        }
    }

    /** Of a journal that need not outlast a loss of power. */
    public JournalSettings(Path folder, int segmentBytes, int segmentsMax) {
        this(folder, segmentBytes, segmentsMax, Duration.ZERO);
    }

    /** From the configuration; throws {@link IllegalArgumentException} naming what is out of bounds. */
    public static JournalSettings of(ReportConfig config, Path folder) {
        long segment = config.segmentSize().asLongValue();
        if (segment < 64 << 10 || segment > 1 << 30) {
            throw new IllegalArgumentException(
                    "wisp.node.report.segment-size=%d, must be 64 KiB to 1 GiB".formatted(segment));
        }
        long segments = config.maxSize().asLongValue() / segment;
        return new JournalSettings(
                folder, (int) segment, (int) Math.min(segments, Integer.MAX_VALUE), config.syncEvery());
    }
}
