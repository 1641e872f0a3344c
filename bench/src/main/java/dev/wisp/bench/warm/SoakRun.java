package dev.wisp.bench.warm;

import dev.wisp.bench.process.JvmMemory;
import dev.wisp.bench.report.BenchException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Very many calls to one service, as fast as they go, with a look at the memory of the process in between. */
final class SoakRun {

    private static final double MIB = 1 << 20;

    private final LoadGenerator load;
    private final int seconds;
    private final LongSupplier pid;
    private final PrintStream out;
    private final List<Sample> samples = new ArrayList<>();

    private record Sample(long calls, long heapBytes, long residentBytes) {}

    /** @param seconds between two looks */
    SoakRun(LoadGenerator load, int seconds, LongSupplier pid, PrintStream out) {
        this.load = load;
        this.seconds = seconds;
        this.pid = pid;
        this.out = out;
    }

    /** Whether heap and resident memory were flat. */
    boolean run(InetSocketAddress address, String host, long calls) {
        long made = 0;
        out.printf("%12s %12s %14s %14s%n", "calls", "per second", "heap, MiB", "resident, MiB");
        while (made < calls || samples.size() < FlatPolicy.SAMPLES_MIN) {
            LoadRound round = load.run(address, host, seconds);
            if (round.failures() > 0) {
                throw new BenchException("%d of %d calls failed after %d that did not"
                        .formatted(round.failures(), round.requests(), made));
            }
            made += round.requests();
            look(made, round.requests() / round.seconds());
        }
        boolean heapFlat =
                FlatPolicy.isFlat(samples.stream().map(Sample::heapBytes).toList());
        boolean residentFlat =
                FlatPolicy.isFlat(samples.stream().map(Sample::residentBytes).toList());
        out.printf("heap after full collections: %s; resident memory: %s%n", said(heapFlat), said(residentFlat));
        return heapFlat && residentFlat;
    }

    private void look(long made, double perSecond) {
        long process = pid.getAsLong();
        // The heap first: a full collection may give memory back.
        Sample sample = new Sample(made, JvmMemory.heapBytesCollected(process), JvmMemory.residentBytes(process));
        samples.add(sample);
        out.printf(
                Locale.ROOT,
                "%12d %12.0f %14.1f %14.1f%n",
                sample.calls(),
                perSecond,
                sample.heapBytes() / MIB,
                sample.residentBytes() / MIB);
    }

    private static String said(boolean flat) {
        return flat ? "flat" : "NOT flat";
    }
}
