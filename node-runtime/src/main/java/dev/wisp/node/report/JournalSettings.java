package dev.wisp.node.report;

import java.nio.file.Path;

/**
 * Bounds of a journal.
 *
 * @param folder where its files are
 * @param segmentBytes size of one file
 * @param segmentsMax most files at once
 */
public record JournalSettings(Path folder, int segmentBytes, int segmentsMax) {

    private static final int SEGMENT_BYTES_MIN = 4 << 10;
    private static final int SEGMENTS_MIN = 4;

    public JournalSettings {
        if (segmentBytes < SEGMENT_BYTES_MIN || segmentsMax < SEGMENTS_MIN) {
            throw new IllegalArgumentException("journal: segmentBytes=%d (>= %d), segmentsMax=%d (>= %d)"
                    .formatted(segmentBytes, SEGMENT_BYTES_MIN, segmentsMax, SEGMENTS_MIN));
        }
    }

    /** From the configuration; throws {@link IllegalArgumentException} naming what is out of bounds. */
    public static JournalSettings of(ReportConfig config, Path folder) {
        long segment = config.segmentSize().asLongValue();
        if (segment < 64 << 10 || segment > 1 << 30) {
            throw new IllegalArgumentException(
                    "wisp.node.report.segment-size=%d, must be 64 KiB to 1 GiB".formatted(segment));
        }
        long segments = config.maxSize().asLongValue() / segment;
        return new JournalSettings(folder, (int) segment, (int) Math.min(segments, Integer.MAX_VALUE));
    }
}
