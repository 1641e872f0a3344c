package dev.wisp.node.sandbox;

/**
 * How much one sandbox may print: a bucket that fills with time and from which every line takes its length and a little more. What it cannot pay for is dropped and
 * counted. Owned by one thread at a time.
 */
final class OutputRate {

    /** A line costs more than its text to whoever keeps or carries it. */
    static final int LINE_OVERHEAD_BYTES = 64;

    static final long BYTES_PER_SECOND = 2L << 20;
    static final long BURST_BYTES = 8L << 20;

    private long bytes = BURST_BYTES;
    private long atMicros;
    private long droppedLines;
    private long droppedBytes;

    /** Whether a line may pass. A clock that goes back gives nothing. */
    boolean passes(int length, long nowMicros) {
        if (nowMicros > atMicros) {
            long elapsed = atMicros == 0 ? 0 : Math.min(nowMicros - atMicros, 10_000_000);
            bytes = Math.min(BURST_BYTES, bytes + elapsed * BYTES_PER_SECOND / 1_000_000);
        }
        atMicros = nowMicros;
        long cost = length + (long) LINE_OVERHEAD_BYTES;
        if (bytes < cost) {
            droppedLines++;
            droppedBytes += length;
            return false;
        }
        bytes -= cost;
        return true;
    }

    boolean hasDropped() {
        return droppedLines > 0;
    }

    /** What was dropped since it was last told, in words. */
    String tell() {
        String text = "output dropped: %d lines, %d KiB, because it printed more than %d MiB a second"
                .formatted(droppedLines, droppedBytes >> 10, BYTES_PER_SECOND >> 20);
        droppedLines = 0;
        droppedBytes = 0;
        return text;
    }
}
