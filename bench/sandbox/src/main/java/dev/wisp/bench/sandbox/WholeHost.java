package dev.wisp.bench.sandbox;

import dev.wisp.bench.peer.Peer;
import dev.wisp.bench.process.OwnCpu;
import dev.wisp.bench.statistic.Median;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Processor time of the whole host for one start. Namespaces, mounts and groups are freed by the kernel's own threads, some hundredths of a second after an end, and
 * by interrupts that are charged to whoever runs: no process's usage holds that. Starts are made in blocks, in turn, each with a pause behind it; what the host does
 * when nothing is started is subtracted, and so is what this process takes to watch somebody else's start.
 */
final class WholeHost {

    private static final int ROUNDS = 3;
    private static final long IDLE_NANOS = 500_000_000;
    private static final long SETTLE_NANOS = 200_000_000;

    private final int block;

    /** @param block starts in a block, so many that the 10 ms in which the host's time is counted do not matter */
    WholeHost(int block) {
        this.block = block;
    }

    /** What one peer's starts took, block by block. */
    private record Taken(Peer peer, int watchers, List<Double> micros) {}

    /** One line for the report; in brackets, how many times as much as the first. */
    String measure(Peer own, List<Peer> others) {
        List<Taken> all = new ArrayList<>(List.of(new Taken(own, 0, new ArrayList<>())));
        others.forEach(peer -> all.add(new Taken(peer, 1, new ArrayList<>())));
        for (int round = 0; round < ROUNDS; round++) {
            all.forEach(one -> one.micros().add(microsOf(one.peer(), one.watchers())));
        }
        double first = Median.of(all.getFirst().micros());
        return all.stream()
                .map(one -> String.format(
                        Locale.ROOT,
                        "%s %.0f µs (%.1f)",
                        one.peer().name(),
                        Median.of(one.micros()),
                        Median.of(one.micros()) / first))
                .collect(Collectors.joining(
                        ", ", "cpu of the whole host for one start, the kernel's own threads included: ", ""));
    }

    private double microsOf(Peer peer, int watchers) {
        double idleShare = idleShare();
        HostCpu before = HostCpu.now();
        long watchedBefore = OwnCpu.micros();
        long begin = System.nanoTime();
        for (int i = 0; i < block; i++) {
            peer.startMicros();
        }
        LockSupport.parkNanos(SETTLE_NANOS);
        double watching = (double) (OwnCpu.micros() - watchedBefore) * watchers;
        double background = idleShare * (System.nanoTime() - begin) / 1_000;
        return (HostCpu.now().since(before).busyMicros() - watching - background) / block;
    }

    /** Processors that are busy while nothing is started. */
    private static double idleShare() {
        HostCpu before = HostCpu.now();
        long begin = System.nanoTime();
        LockSupport.parkNanos(IDLE_NANOS);
        return HostCpu.now().since(before).busyMicros() * 1_000.0 / (System.nanoTime() - begin);
    }
}
