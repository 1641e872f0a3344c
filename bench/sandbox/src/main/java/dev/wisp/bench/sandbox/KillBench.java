package dev.wisp.bench.sandbox;

import dev.wisp.bench.peer.WorkFolder;
import dev.wisp.bench.report.BenchException;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.node.sandbox.Sandbox;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Kills sandboxes, and whole runtimes, at random moments, and counts what is left: it must be nothing. */
final class KillBench {

    private static final SandboxHost.Size SIZE = new SandboxHost.Size(64, 4, 8);
    private static final int WARM_UP = 20;
    private static final String NO_PREFIX = "none";
    private static final long KILL_PAUSE_NANOS_MAX = 3_000_000;
    private static final int LIFE_MILLIS_MAX = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path root;
    private final PrintStream out;
    private final long seed;
    private final RandomGenerator random;

    KillBench(Path root, long seed, PrintStream out) {
        this.root = root;
        this.seed = seed;
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.out = out;
    }

    /** Whether nothing was left. */
    boolean run(int cycles, int runtimes) {
        out.printf("seed %d%n", seed);
        boolean clean = cycles(cycles);
        return runtimes(runtimes) && clean;
    }

    private boolean cycles(int cycles) {
        String prefix = SandboxHost.prefix(ProcessHandle.current().pid());
        try (SandboxHost host = SandboxHost.open(StartBench.program(root), SIZE)) {
            for (int i = 0; i < WARM_UP; i++) {
                Sandbox sandbox = host.start().sandbox();
                // Threads that enter namespaces are made when they are first needed, which is for a second connection.
                host.askMicros(sandbox);
                sandbox.stop(Duration.ZERO);
            }
            Held before = settled(host, prefix, null);
            Killer killer =
                    new Killer(RandomGeneratorFactory.of("L64X128MixRandom").create(seed + 1));
            int failed = 0;
            try {
                for (int i = 0; i < cycles; i++) {
                    failed += cycle(host) ? 0 : 1;
                }
            } finally {
                killer.end();
            }
            Held after = settled(host, prefix, before);
            out.printf("%d cycles, %d kills, %d starts failed by them%n", cycles, killer.kills, failed);
            out.printf("  before %s%n  after  %s%n", before, after);
            return before.equals(after);
        } finally {
            out.printf("  control groups after the end of the runtime: %d%n", groups(prefix));
        }
    }

    private static boolean cycle(SandboxHost host) {
        try {
            Sandbox sandbox = host.runtime().start(host.spec());
            sandbox.stop(Duration.ZERO);
            return true;
        } catch (ProblemException e) {
            return false;
        }
    }

    /** What is held once the pool is full and everything that is ending has ended: what was expected, or after a long wait what there is. */
    private static Held settled(SandboxHost host, String prefix, @org.jspecify.annotations.Nullable Held expected) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Held last = Held.now(prefix);
        int same = 0;
        while (System.nanoTime() < deadline) {
            LockSupport.parkNanos(200_000_000);
            host.settle();
            Held now = Held.now(prefix);
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
        private final Thread thread;
        private volatile int kills;

        Killer(RandomGenerator random) {
            this.random = random;
            this.thread = Thread.ofPlatform().name("killer").daemon(true).start(this::run);
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes it.
        private void run() {
            while (!over.get()) {
                LockSupport.parkNanos(random.nextLong(KILL_PAUSE_NANOS_MAX));
                List<ProcessHandle> children =
                        ProcessHandle.current().children().toList();
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

    private boolean runtimes(int runtimes) {
        int processesLeft = 0;
        long groupsLeft = 0;
        Held before = Held.now(NO_PREFIX);
        for (int i = 0; i < runtimes; i++) {
            long pid = killOne();
            String prefix = SandboxHost.prefix(pid);
            processesLeft += processes(prefix);
            SandboxHost.clean(pid);
            groupsLeft += groups(prefix);
        }
        Held after = heldAgain(before);
        out.printf(
                "%d runtimes killed with kill -9: %d processes left after %s, %d control groups after the next runtime's start%n",
                runtimes, processesLeft, PATIENCE, groupsLeft);
        out.printf("  before %s%n  after  %s%n", before, after);
        return processesLeft == 0 && groupsLeft == 0 && before.equals(after);
    }

    /** Threads of a runtime that was closed end a moment later. */
    private static Held heldAgain(Held expected) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Held now = Held.now(NO_PREFIX);
        while (!now.equals(expected) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(20_000_000);
            now = Held.now(NO_PREFIX);
        }
        return now;
    }

    /** A runtime in a process of its own, which starts and stops sandboxes until it is killed; its files are in a folder that is not its. */
    private long killOne() {
        try (WorkFolder folder = WorkFolder.create();
                JavaChild victim = JavaChild.start(
                        KillVictim.class,
                        List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + folder.path()),
                        List.of(root.toString()))) {
            victim.awaitLine(PATIENCE);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LIFE_MILLIS_MAX)));
            return victim.pid();
        }
    }

    /** How many processes are still in the groups after some patience; those that wait to be thawed included. */
    private static int processes(String prefix) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int left = running(prefix);
        while (left > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(20_000_000);
            left = running(prefix);
        }
        return left;
    }

    private static int running(String prefix) {
        return runningBelow(Path.of("/sys/fs/cgroup/pids", prefix)) + runningBelow(Path.of("/sys/fs/cgroup", prefix));
    }

    private static int runningBelow(Path branch) {
        int running = 0;
        try (var groups = Files.list(branch)) {
            for (Path group : groups.filter(Files::isDirectory).toList()) {
                running += Files.readAllLines(group.resolve("cgroup.procs")).size();
            }
            return running;
        } catch (IOException e) {
            // There is no such branch, or a group went while it was read.
            return running;
        }
    }

    private static long groups(String prefix) {
        try {
            return Held.groups(prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
