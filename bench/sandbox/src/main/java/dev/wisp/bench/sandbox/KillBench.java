package dev.wisp.bench.sandbox;

import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.report.Report;
import dev.wisp.bench.statistic.Samples;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.NetworkSpec;
import dev.wisp.node.sandbox.Sandbox;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/** Kills sandboxes, and whole runtimes, at random moments, and counts what is left: it must be nothing. Every other sandbox has egress. */
final class KillBench {

    static final NetworkSpec EGRESS = new NetworkSpec(NetworkSpec.Mode.EGRESS, List.of());
    static final String POOL = "198.19.0.0/17";
    /** Always one and never more, so that the number of interfaces at rest is one and the same. */
    static final int READY_MAX = 1;

    /** A pool that follows demand would be larger afterwards than before, for a while. */
    static final SandboxHost.Size SIZE = new SandboxHost.Size(64, 6, 6);

    private static final int WARM_UP = 20;
    private static final long KILL_PAUSE_NANOS_MAX = 3_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path root;
    private final PrintStream out;
    private final long seed;
    private final Samples times = new Samples();
    private final Map<String, Double> counts = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    KillBench(Path root, long seed, PrintStream out) {
        this.root = root;
        this.seed = seed;
        this.out = out;
    }

    /** @param isClean whether nothing was left */
    record Outcome(Report report, boolean isClean) {}

    Outcome run(int cycles, int runtimes) {
        out.printf("seed %d%n", seed);
        boolean clean = cycles(cycles);
        KilledRuntimes killed = new KilledRuntimes(root, generator(2));
        clean &= killed.run(runtimes);
        counts.putAll(killed.counts());
        notes.addAll(killed.notes());
        notes.addFirst(
                "seed %d; every other sandbox has egress, over an uplink of the benchmark's own".formatted(seed));
        notes.add(clean ? "nothing was left" : "SOMETHING WAS LEFT");
        return new Outcome(
                new Report("sandbox kills", cycles, List.of(times.series("start and stop")), counts, notes), clean);
    }

    private RandomGenerator generator(int number) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed + number);
    }

    private boolean cycles(int cycles) {
        String prefix = SandboxHost.prefix(ProcessHandle.current().pid());
        try (Uplink uplink = new Uplink();
                SandboxHost host = SandboxHost.open(
                        StartBench.program(root), SIZE, uplink.config(prefix, POOL, READY_MAX), SandboxHost.UID_BASE)) {
            Held.Place place = new Held.Place(prefix, uplink.pid(), host.folder());
            calm(host);
            Held before = settled(host, place, null);
            Killer killer = new Killer(generator(1), uplink.pid());
            int failed = 0;
            try {
                for (int i = 0; i < cycles; i++) {
                    failed += cycle(host, i) ? 0 : 1;
                }
            } finally {
                killer.end();
            }
            // What was killed while it waited is found by whoever takes it.
            calm(host);
            Held after = settled(host, place, before);
            counts.put("cycles", (double) cycles);
            counts.put("kills of sandboxes", (double) killer.kills);
            counts.put("starts failed by them", (double) failed);
            notes.add("before the cycles: " + before);
            notes.add("after the cycles:  " + after);
            return before.equals(after) && after.stuck() == 0;
        }
    }

    /** Starts and stops of both kinds until all threads and interfaces are there that come with the first use. */
    private static void calm(SandboxHost host) {
        for (int i = 0; i < WARM_UP; i++) {
            calmOnce(host, network(i));
        }
    }

    private static void calmOnce(SandboxHost host, NetworkSpec network) {
        try {
            Sandbox sandbox = host.startWith(network).sandbox();
            // Threads that enter namespaces are made when they are first needed, which is for a second connection.
            host.askMicros(sandbox);
            sandbox.stop(Duration.ZERO);
        } catch (ProblemException e) {
            // One of those that were killed while they waited.
            return;
        }
    }

    private static NetworkSpec network(int number) {
        return number % 2 == 0 ? NetworkSpec.NONE : EGRESS;
    }

    private boolean cycle(SandboxHost host, int number) {
        long begin = System.nanoTime();
        try {
            host.runtime().start(host.spec(network(number))).stop(Duration.ZERO);
            times.add((System.nanoTime() - begin) / 1_000);
            return true;
        } catch (ProblemException e) {
            return false;
        }
    }

    /** What is held once the pool is full and everything that is ending has ended: what was expected, or after a long wait what there is. */
    private static Held settled(SandboxHost host, Held.Place place, @Nullable Held expected) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Held last = Held.now(place, host);
        int same = 0;
        while (System.nanoTime() < deadline) {
            LockSupport.parkNanos(200_000_000);
            host.settle();
            Held now = Held.now(place, host);
            same = now.equals(last) ? same + 1 : 0;
            last = now;
            if (expected == null ? same >= 10 : now.equals(expected)) {
                return now;
            }
        }
        return last;
    }

    /** Kills a child of this process now and then: parked, being parked, starting or running, whichever it hits. */
    private static final class Killer {

        private final AtomicBoolean over = new AtomicBoolean();
        private final RandomGenerator random;
        private final long spared;
        private final Thread thread;
        private volatile int kills;

        /** @param spared a child that is no sandbox */
        Killer(RandomGenerator random, long spared) {
            this.random = random;
            this.spared = spared;
            this.thread = Thread.ofPlatform().name("killer").daemon(true).start(this::run);
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes it.
        private void run() {
            while (!over.get()) {
                LockSupport.parkNanos(random.nextLong(KILL_PAUSE_NANOS_MAX));
                List<ProcessHandle> children = ProcessHandle.current()
                        .children()
                        .filter(child -> child.pid() != spared)
                        .toList();
                if (!children.isEmpty()
                        && children.get(random.nextInt(children.size())).destroyForcibly()) {
                    kills++;
                }
            }
        }

        void end() {
            over.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchException("interrupted", e);
            }
        }
    }
}
