package dev.wisp.bench.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processor time of the whole host, from {@code /proc/stat}, in steps of 10 ms. */
record HostCpu(long busyMicros, long allMicros) {

    private static final long MICROS_PER_TICK = 10_000;
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final int FIELDS = 8;

    static HostCpu now() {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            String[] fields = lines.findFirst().orElseThrow().split(" +");
            long busy = 0;
            long all = 0;
            for (int i = 0; i < FIELDS; i++) {
                long ticks = Long.parseLong(fields[i + 1]);
                all += ticks;
                busy += i == IDLE || i == IO_WAIT ? 0 : ticks;
            }
            return new HostCpu(busy * MICROS_PER_TICK, all * MICROS_PER_TICK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HostCpu since(HostCpu before) {
        return new HostCpu(busyMicros - before.busyMicros, allMicros - before.allMicros);
    }
}
