package dev.wisp.bench.sandbox;

import dev.wisp.bench.peer.WorkFolder;
import dev.wisp.bench.report.BenchException;
import dev.wisp.node.sandbox.LinuxSandboxConfig;
import dev.wisp.node.sandbox.LinuxSandboxRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** Runtimes that are killed with {@code kill -9} while they make, start and end sandboxes, and what is left once the next one of the name has started. */
final class KilledRuntimes {

    private static final String NO_PREFIX = "none";
    private static final int LIFE_MILLIS_MAX = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path root;
    private final RandomGenerator random;
    private final Map<String, Double> counts = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    KilledRuntimes(Path root, RandomGenerator random) {
        this.root = root;
        this.random = random;
    }

    Map<String, Double> counts() {
        return counts;
    }

    List<String> notes() {
        return notes;
    }

    /** What one has left: processes after some patience, the rest after the next one's start. */
    private record Left(long processes, long groups, long strays, long files) {

        static final Left NOTHING = new Left(0, 0, 0, 0);

        Left and(Left other) {
            return new Left(
                    processes + other.processes, groups + other.groups, strays + other.strays, files + other.files);
        }
    }

    /** Whether nothing was left. */
    boolean run(int runtimes) {
        try (Uplink uplink = new Uplink();
                WorkFolder folder = WorkFolder.create()) {
            Held.Place place = new Held.Place(NO_PREFIX, uplink.pid(), folder.path());
            Held before = Held.now(place);
            Left left = Left.NOTHING;
            for (int i = 0; i < runtimes; i++) {
                left = left.and(killOne(uplink));
            }
            Held after = heldAgain(place, before);
            counts.put("runtimes killed with kill -9", (double) runtimes);
            notes.add("after the runtimes, each %s: %s".formatted(PATIENCE, left));
            notes.add("before the runtimes: " + before);
            notes.add("after the runtimes:  " + after);
            return left.equals(Left.NOTHING) && before.equals(after);
        }
    }

    /** Threads of a runtime that was closed end a moment later, and so do interfaces of namespaces that nobody holds any more. */
    private static Held heldAgain(Held.Place place, Held expected) {
        return Poll.until(PATIENCE, () -> Held.now(place), expected::equals);
    }

    /** A runtime in a process of its own, which starts and stops sandboxes until it is killed. */
    private Left killOne(Uplink uplink) {
        try (WorkFolder folder = WorkFolder.create()) {
            long pid;
            long files;
            try (JavaChild victim = JavaChild.start(
                    KillVictim.class,
                    List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + folder.path()),
                    List.of(root.toString(), Long.toString(uplink.pid())))) {
                victim.awaitLine(PATIENCE);
                pid = victim.pid();
                files = Held.files(folder.path());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(LIFE_MILLIS_MAX)));
            }
            String prefix = SandboxHost.prefix(pid);
            long processes = processes(prefix);
            long strays = clean(prefix);
            return new Left(processes, Held.groups(prefix), strays, Math.max(0, Held.files(folder.path()) - files));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param strays -1 while something of the dead one holds its lock */
    private record Cleaned(long strays, String why) {}

    /**
     * A runtime with the name of a dead one cleans up after that, which is all this one does. Children of the dead one that have yet to end hold its lock for a
     * moment; one that never ends holds it for good, and then this fails.
     *
     * @return how much it then finds that belongs to no sandbox
     */
    private static long clean(String prefix) {
        Cleaned cleaned = Poll.until(PATIENCE, () -> cleanOnce(prefix), last -> last.strays() >= 0);
        if (cleaned.strays() < 0) {
            throw new BenchException("a killed runtime has left something that does not end: " + cleaned.why());
        }
        return cleaned.strays();
    }

    private static Cleaned cleanOnce(String prefix) {
        try (WorkFolder folder = WorkFolder.create();
                LinuxSandboxRuntime next = new LinuxSandboxRuntime(
                        new LinuxSandboxConfig(
                                folder.path(), prefix, SandboxHost.UID_BASE, KillBench.SIZE.sandboxesMax(), 0, 0),
                        InstantSource.system())) {
            return new Cleaned(Poll.until(PATIENCE, () -> strays(next), strays -> strays == 0), "");
        } catch (IllegalStateException e) {
            return new Cleaned(-1, String.valueOf(e.getMessage()));
        }
    }

    /** Some are on their way for a while: processes that ended are seen until their new parent has taken notice. */
    private static long strays(LinuxSandboxRuntime runtime) {
        return runtime.strays().values().stream().mapToLong(Set::size).sum();
    }

    /** How many processes are still in the groups after some patience; those that wait to be thawed included. */
    private static int processes(String prefix) {
        return Poll.until(PATIENCE, () -> running(prefix), left -> left == 0);
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
}
