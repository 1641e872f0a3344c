package dev.wisp.node.sandbox;

import dev.wisp.node.cgroup.Cgroup;
import dev.wisp.node.cgroup.CgroupLimits;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Descriptors.Pipe;
import dev.wisp.node.linux.ErrnoException;
import dev.wisp.node.linux.LowDescriptors;
import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.SharedWord;
import dev.wisp.node.linux.Spawner;
import dev.wisp.node.linux.Table;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Makes parked sandboxes, and unmakes sandboxes parked or ended. Thread-safe. */
final class ParkingLot {

    private static final Named CLONE_FLAGS = Named.flags(
            Named.CLONE_VM,
            Named.CLONE_FILES,
            Named.CLONE_PIDFD,
            Named.CLONE_CLEAR_SIGHAND,
            Named.CLONE_CHILD_CLEARTID,
            Named.CLONE_NEWUSER,
            Named.CLONE_NEWNS,
            Named.CLONE_NEWPID,
            Named.CLONE_NEWNET,
            Named.CLONE_NEWUTS,
            Named.CLONE_NEWIPC);

    private static final Duration PARKING_TIMEOUT = Duration.ofSeconds(5);
    /** One is about 60 KiB. */
    private static final int SPARE_TABLES_MAX = 16;

    static final int OPEN_FILES_MAX = 4096;

    private final Host host;
    private final LinuxSandboxConfig config;
    private final StuckSandboxes stuck;
    private final UidRanges ranges;
    private final Furnishing furnishing;
    private final ArrayBlockingQueue<Table> spareTables = new ArrayBlockingQueue<>(SPARE_TABLES_MAX);
    private final LongAdder preparedMicros = new LongAdder();
    private final AtomicReference<Shape> shape = new AtomicReference<>(Shape.FIRST);

    /** Limits that the next sandbox will probably have: those of the last. Being wrong costs a few writes at the start. */
    record Shape(CgroupLimits limits, WriteBounds bounds) {
        static final Shape FIRST =
                new Shape(new CgroupLimits(1000, 256L << 20, 512), new WriteBounds(64L << 20, 64L << 20));
    }

    /** @param stuck takes what cannot be thrown away */
    ParkingLot(Host host, LinuxSandboxConfig config, StuckSandboxes stuck) {
        this.host = host;
        this.config = config;
        this.stuck = stuck;
        this.ranges = new UidRanges(config.uidBase(), config.sandboxesMax());
        String last = host.descriptors().readText("/proc/sys/kernel/cap_last_cap");
        this.furnishing = new Furnishing(
                host.spawner().life(),
                last == null ? 63 : Integer.parseInt(last.strip()),
                OPEN_FILES_MAX,
                host.landlock());
    }

    private Table table() {
        Table spare = spareTables.poll();
        return spare == null ? new Table(host.kernel()) : spare;
    }

    /** Takes back the table of a child that has left it. */
    void recycle(Table used) {
        used.clear();
        if (!spareTables.offer(used)) {
            used.close();
        }
    }

    /** No more are parked. */
    void close() {
        spareTables.forEach(Table::close);
    }

    /**
     * Binds a parked sandbox to an image and mounts that. The parked one given is still the caller's when this fails.
     *
     * @throws SandboxFailure naming the step
     */
    Parked mount(Parked parked, ImageRoot root) {
        Table table = parked.table();
        table.append(Launch.mountAhead(root, parked.bounds()));
        table.open(SharedWord.START);
        await(table, SharedWord.MOUNTED);
        long cpuMicros = parked.cgroup().cpuMicros();
        preparedMicros.add(cpuMicros - parked.cpuMicros());
        return parked.mounted(root, cpuMicros);
    }

    private static void await(Table table, SharedWord word) {
        long deadline = System.nanoTime() + PARKING_TIMEOUT.toNanos();
        while (!table.isSet(word)) {
            Table.@Nullable Failure failure = table.failure();
            if (failure != null) {
                throw new SandboxFailure(failure.text());
            }
            if (table.isLeft() || System.nanoTime() > deadline) {
                throw new SandboxFailure("the child ended or hangs while being parked");
            }
            table.await(word, 1_000_000);
        }
    }

    /** Whether a sandbox, or one in the making, has this number. */
    boolean hasSlot(int slot) {
        return ranges.isTaken(slot);
    }

    /** Whether a host user id is one of sandboxes, and of none that there is. */
    boolean isOfNoSlot(long id) {
        return ranges.isOfNoSlot(id);
    }

    void expect(Shape next) {
        shape.set(next);
    }

    /**
     * Parks one; takes one to two milliseconds.
     *
     * @throws SandboxFailure naming the step
     */
    Parked park() {
        return park(Rights.NONE);
    }

    /** One whose workload may keep these; such a one is made to measure, since what the others have dropped cannot be had back. */
    Parked park(Rights kept) {
        int slot = ranges.take();
        if (slot < 0) {
            throw new SandboxFailure("%d sandboxes are all there may be".formatted(config.sandboxesMax()));
        }
        Assembly assembly = new Assembly(slot, kept);
        try {
            return assembly.park();
        } catch (RuntimeException e) {
            assembly.undo(e);
            // A child that is killed while it is parked shows as an error of whatever call met it first.
            throw e instanceof ErrnoException
                    ? new SandboxFailure(e.getMessage() == null ? "park" : e.getMessage())
                    : e;
        }
    }

    /** Throws away a parked sandbox that was never started. One that does not go is reported until it does, and this returns all the same. */
    void discard(Parked parked) {
        Discarded discarded = new Discarded(parked);
        if (!Standstill.await(PARKING_TIMEOUT, discarded::isGone)) {
            stuck.add(new StuckSandbox("parked-" + parked.slot(), discarded.why()), discarded::isGone);
        }
    }

    /** One that was killed while it was parked; what it holds is given back as soon as that can be. */
    private final class Discarded {

        private final Parked parked;
        private boolean ended;

        Discarded(Parked parked) {
            this.parked = parked;
        }

        /** Does not wait. */
        boolean isGone() {
            if (ended) {
                return releaseLate(parked);
            }
            host.processes().signal(parked.child().pidfd(), (int) Named.SIGKILL.value());
            if (host.processes().reap(parked.child().pidfd()) == null) {
                return false;
            }
            ended = true;
            parked.table().close();
            host.descriptors().close(parked.socket());
            preparedMicros.add(parked.cgroup().cpuMicros() - parked.cpuMicros());
            closeAll(parked);
            return releaseLate(parked);
        }

        String why() {
            return ended ? "its control group does not become empty" : "it does not end after SIGKILL";
        }
    }

    /** What making sandboxes has used, those that wait and those that nobody needed included. */
    long preparedMicros() {
        return preparedMicros.sum();
    }

    /** Gives back what a sandbox holds whose process was reaped, but for its table. Waits until its control group is empty. */
    void release(Parked parked) {
        closeAll(parked);
        remove(parked.cgroup(), parked.slot());
    }

    private void closeAll(Parked parked) {
        if (parked.leg() != null) {
            parked.leg().close();
        }
        Descriptors descriptors = host.descriptors();
        descriptors.close(parked.child().pidfd());
        descriptors.close(parked.stdout());
        descriptors.close(parked.stderr());
    }

    /** One more attempt to give back the group and the ids; does not wait. */
    boolean releaseLate(Parked parked) {
        return isGivenBack(parked.cgroup(), parked.slot());
    }

    /** Of a sandbox whose first process is gone, and took all of its namespace along: what is there was put there from outside. */
    private boolean isGivenBack(Cgroup cgroup, int slot) {
        cgroup.kill();
        if (!cgroup.remove()) {
            return false;
        }
        ranges.giveBack(slot);
        return true;
    }

    private void remove(Cgroup cgroup, int slot) {
        long deadline = System.nanoTime() + PARKING_TIMEOUT.toNanos();
        while (!cgroup.remove()) {
            if (System.nanoTime() > deadline) {
                // The slot stays taken: its ids and its group are still in use by something that does not die.
                throw new SandboxFailure("control group %d does not become empty".formatted(slot));
            }
            LockSupport.parkNanos(200_000);
        }
        ranges.giveBack(slot);
    }

    /** A pipe whose write end the child takes. */
    private record Output(int readEnd, int writeEnd) {}

    /** One parked sandbox in the making, able to undo what it has done so far. */
    private final class Assembly {

        private final int slot;
        private final Rights kept;
        private final List<Integer> temporary = new ArrayList<>();
        private final List<LowDescriptors.Lent> taken = new ArrayList<>();
        private final Deque<BooleanSupplier> undo = new ArrayDeque<>();
        private final Descriptors descriptors = host.descriptors();

        Assembly(int slot, Rights kept) {
            this.slot = slot;
            this.kept = kept;
        }

        Parked park() {
            Shape expected = shape.get();
            Cgroup cgroup = host.cgroups().create(Integer.toString(slot));
            undo.push(() -> isGivenBack(cgroup, slot));
            cgroup.limit(expected.limits());
            Output stdout = output();
            Output stderr = output();
            Table table = table();
            table.append(furnishing.arrive());
            Spawner.Child child = host.spawner().spawn(table, CLONE_FLAGS, birthGroup(cgroup));
            undo.push(() -> isEnded(child.pidfd(), table));
            map(child.pid());
            table.append(furnishing.furnish(inputs(child, cgroup, stdout, stderr, expected)));
            table.open(SharedWord.MAPPED);
            await(table, SharedWord.PARKED);
            host.spawner().restoreDumpable();
            int socket = host.namespaceSockets().take(child.pidfd(), Furnishing.SOCKET);
            closeTemporary();
            long cpuMicros = cgroup.cpuMicros();
            preparedMicros.add(cpuMicros);
            return new Parked(
                    slot,
                    ranges.first(slot),
                    child,
                    table,
                    cgroup,
                    socket,
                    stdout.readEnd(),
                    stderr.readEnd(),
                    expected.limits(),
                    cpuMicros,
                    expected.bounds(),
                    null,
                    null);
        }

        /** The write end belongs to the sandbox's root, or a program could not open {@code /dev/stdout}. */
        private Output output() {
            Pipe pipe = descriptors.pipe();
            int writeEnd = low(pipe.writeEnd());
            undo.push(() -> {
                descriptors.close(pipe.readEnd());
                return true;
            });
            descriptors.setNonBlocking(pipe.readEnd());
            descriptors.changeOwner(pipe.readEnd(), ranges.first(slot), ranges.first(slot));
            return new Output(pipe.readEnd(), writeEnd);
        }

        private int birthGroup(Cgroup cgroup) {
            String folder = cgroup.birthFolder();
            return folder == null ? -1 : temporary(descriptors.open(folder, Named.O_DIRECTORY, 0));
        }

        private void map(int pid) {
            String map = "0 " + ranges.first(slot) + " " + UidRanges.SIZE;
            descriptors.writeText("/proc/" + pid + "/uid_map", map);
            descriptors.writeText("/proc/" + pid + "/gid_map", map);
        }

        private Furnishing.Inputs inputs(
                Spawner.Child child, Cgroup cgroup, Output stdout, Output stderr, Shape expected) {
            int namespace = temporary(host.processes().userNamespace(child.pidfd(), child.pid()));
            int layers = temporary(host.mounts().idmapped(config.layersFolder().toString(), namespace));
            List<Integer> early = cgroup.joinFilesEarly().stream()
                    .map(file -> temporary(descriptors.open(file, Named.O_WRONLY, 0)))
                    .toList();
            String last = cgroup.joinFileLast();
            return new Furnishing.Inputs(
                    layers,
                    early,
                    last == null ? -1 : low(descriptors.open(last, Named.O_WRONLY, 0)),
                    stdout.writeEnd(),
                    stderr.writeEnd(),
                    expected.bounds(),
                    kept);
        }

        private int temporary(int descriptor) {
            temporary.add(descriptor);
            return descriptor;
        }

        /** Of what the child takes into its own table. */
        private int low(int descriptor) {
            LowDescriptors.Lent lent = host.low().lend(descriptor);
            taken.add(lent);
            return lent.number();
        }

        private void closeTemporary() {
            temporary.forEach(descriptors::close);
            taken.forEach(LowDescriptors.Lent::giveBack);
        }

        private boolean isEnded(int pidfd, Table table) {
            host.processes().signal(pidfd, (int) Named.SIGKILL.value());
            if (host.processes().reap(pidfd) == null) {
                return false;
            }
            table.close();
            descriptors.close(pidfd);
            return true;
        }

        /** What cannot be undone now is reported, and tried until it can. */
        void undo(RuntimeException cause) {
            if (!Standstill.await(PARKING_TIMEOUT, () -> isUndone(cause))) {
                stuck.add(
                        new StuckSandbox("parked-" + slot, "it failed while it was parked, and does not end"),
                        () -> isUndone(cause));
            }
        }

        /** Does not wait. The last that was done is undone first. */
        private boolean isUndone(RuntimeException cause) {
            while (!undo.isEmpty()) {
                try {
                    if (!undo.element().getAsBoolean()) {
                        return false;
                    }
                } catch (RuntimeException e) {
                    cause.addSuppressed(e);
                }
                undo.remove();
            }
            // Not before the child is dead: until it has a table of its own, these numbers mean to it what they mean
            // here.
            closeTemporary();
            return true;
        }
    }
}
