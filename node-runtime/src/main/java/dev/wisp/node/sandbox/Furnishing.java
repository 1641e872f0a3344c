package dev.wisp.node.sandbox;

import static dev.wisp.node.linux.Argument.longs;
import static dev.wisp.node.linux.Argument.previous;
import static dev.wisp.node.linux.Argument.text;
import static dev.wisp.node.linux.Named.MS_BIND;
import static dev.wisp.node.linux.Named.MS_NODEV;
import static dev.wisp.node.linux.Named.MS_NOEXEC;
import static dev.wisp.node.linux.Named.MS_NOSUID;
import static dev.wisp.node.linux.Named.MS_PRIVATE;
import static dev.wisp.node.linux.Named.MS_RDONLY;
import static dev.wisp.node.linux.Named.MS_REC;
import static dev.wisp.node.linux.Named.MS_REMOUNT;

import dev.wisp.node.linux.Argument;
import dev.wisp.node.linux.Errno;
import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.OnFailure;
import dev.wisp.node.linux.SharedWord;
import dev.wisp.node.linux.Spawner;
import dev.wisp.node.linux.Syscall;
import dev.wisp.node.linux.SyscallProgram;
import java.util.List;
import java.util.function.Consumer;

/**
 * The first two parts of a sandbox's program: everything that does not depend on the image, done while nobody waits. The order is explained in
 * {@code docs/sandbox.md}.
 *
 * <p>It ends in a small tree of folders on a tmpfs that is the child's root while it is parked:
 *
 * <pre>
 * /s  all layers, read-only, owners mapped, covered      /u  writable layer: proc dev sys tmp etc
 * /p  proc, masked                                       /w  overlay's work folder
 * /d  dev                                                /r  where the overlay goes
 * /c  empty, read-only, closed: what is hidden shows this
 * </pre>
 *
 * <p>All of it but {@code /s} and {@code /p} is one file system, of the size that the writable layer may have. Each file system more would cost its own making and
 * unmaking, and a place in a table of every memory group on the host.
 */
final class Furnishing {

    /** Descriptor under which the parked child keeps the memory group's {@code tasks} file. */
    static final int MEMORY_GROUP = 3;

    /** Descriptor under which it keeps a TCP socket of its network namespace, for the runtime to take while it is parked. */
    static final int SOCKET = 6;

    /** Descriptor under which it keeps {@code /etc/hosts}, whose content is known only at the start. */
    static final int HOSTS = 5;

    /**
     * Covered by the child's first own mount, in its own namespace only. It must be a folder that exists everywhere, that anyone may enter (the child is an
     * unprivileged user outside) and that nothing below needs any more; a folder of the node's own need not be enterable.
     */
    private static final String MOUNT_POINT = "/sys";

    /** Step of the last row: what comes behind it is what a start waits for. */
    static final String WAIT_FOR_START = "wait for a start";

    private static final Named NODE_FLAGS = Named.flags(MS_NOSUID, MS_NOEXEC);
    private static final Named PROC_FLAGS = Named.flags(MS_NOSUID, MS_NODEV, MS_NOEXEC);
    private static final Named COVER_FLAGS = Named.flags(MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC);
    private static final Named FOLDER = Named.mode(0755);

    private static final Named NULL = new Named("NULL", 0);
    private static final Named ALL_DESCRIPTORS = new Named("~0", 0xFFFF_FFFFL);

    private static final List<String> MASKED_FILES = List.of(
            "interrupts",
            "kcore",
            "keys",
            "latency_stats",
            "sched_debug",
            "timer_list",
            "timer_stats",
            "config.gz",
            "kmsg");
    private static final List<String> MASKED_FOLDERS = List.of("acpi", "asound", "scsi");
    private static final List<String> READ_ONLY = List.of("bus", "fs", "irq", "sys", "sysrq-trigger");
    private static final List<String> NODES = List.of("null", "zero", "full", "random", "urandom", "tty");

    private final Spawner.Life runtime;
    private final int lastCapability;
    private final SyscallProgram arrival;
    private final SyscallProgram identity;
    private final SyscallProgram host;
    private final SyscallProgram folders;
    private final SyscallProgram devices;
    private final SyscallProgram image;
    private final SyscallProgram rest;
    private final SyscallProgram noRights;
    private final SyscallProgram end;

    /** What of it differs from one sandbox to the next; descriptors are the runtime's, which the child shares at this point. */
    record Inputs(
            int layers,
            List<Integer> joinEarly,
            int joinLast,
            int stdout,
            int stderr,
            WriteBounds bounds,
            Rights kept) {

        Inputs {
            joinEarly = List.copyOf(joinEarly);
        }
    }

    /**
     * Its fixed parts are made once.
     *
     * @param landlock version of the host's, 0 for none
     */
    Furnishing(Spawner.Life runtime, int lastCapability, int openFilesMax, int landlock) {
        this.runtime = runtime;
        this.lastCapability = lastCapability;
        this.arrival = fixed(this::arrival);
        this.identity = fixed(this::becomeRoot);
        this.host = fixed(program -> program.call(
                "private mounts", Syscall.MOUNT, NULL, text("/"), NULL, Named.flags(MS_REC, MS_PRIVATE), NULL));
        this.folders = fixed(Furnishing::folders);
        this.devices = fixed(program -> {
            proc(program);
            dev(program);
        });
        this.image = fixed(program -> {
            writableLayer(program);
            leaveHost(program);
        });
        this.rest = fixed(program -> {
            network(program);
            files(program);
            Landlock.prepare(program, landlock);
            limits(program, openFilesMax);
        });
        this.noRights = fixed(program -> drop(program, Rights.NONE));
        this.end = fixed(program -> program.signal("parked", SharedWord.PARKED).gate(WAIT_FOR_START, SharedWord.START));
    }

    private static SyscallProgram fixed(Consumer<SyscallProgram.Builder> rows) {
        SyscallProgram.Builder program = SyscallProgram.builder();
        rows.accept(program);
        return program.build().fixed();
    }

    /** What the child does before its ids are mapped: nearly nothing. */
    SyscallProgram arrive() {
        return arrival;
    }

    private void arrival(SyscallProgram.Builder program) {
        program.call("die with the runtime", Syscall.PRCTL, Named.PR_SET_PDEATHSIG, Named.SIGKILL);
        alive(program).gate("wait for the id maps", SharedWord.MAPPED);
    }

    /**
     * A death signal is not sent to a child that asks for it when its parent has ended already. Such a child would wait for good, with all of the runtime's memory
     * and descriptors. The kernel zeroes the parent's thread id before it sends the signals, so whoever still sees it after having asked gets one. Moving no
     * waiters from a word to itself compares the word and does nothing else: 0 when it has the value it should have, EAGAIN when it has another. To wait for no time
     * would compare too, but sleeps for the timer's slack of 50 µs.
     */
    private SyscallProgram.Builder alive(SyscallProgram.Builder program) {
        Named word = new Named("&runtime", runtime.word());
        return program.call(
                "see that the runtime lives",
                Syscall.FUTEX,
                word,
                Named.FUTEX_CMP_REQUEUE,
                Named.of(0),
                Named.of(0),
                word,
                Named.of(runtime.tid()));
    }

    /** From mapped to parked. */
    SyscallProgram furnish(Inputs inputs) {
        SyscallProgram.Builder program = SyscallProgram.builder().then(identity);
        for (int file : inputs.joinEarly()) {
            program.call("join cgroup", Syscall.WRITE, Named.descriptor(file, "tasks"), text("0"), Named.of(1));
        }
        program.then(host);
        tmpfs(
                program,
                "mount base",
                MOUNT_POINT,
                Named.flags(MS_NOSUID, MS_NODEV),
                "mode=755," + inputs.bounds().layerOptions());
        program.then(folders)
                .call(
                        "attach layers",
                        Syscall.MOVE_MOUNT,
                        Named.descriptor(inputs.layers(), "layers"),
                        text(""),
                        Named.AT_FDCWD,
                        text("s"),
                        Named.MOVE_MOUNT_F_EMPTY_PATH)
                .then(devices);
        tmpfs(
                program,
                "mount shm",
                "d/shm",
                PROC_FLAGS,
                "mode=1777," + inputs.bounds().sharedOptions());
        program.then(image);
        descriptors(program, inputs);
        program.then(rest);
        rights(program, inputs.kept());
        return program.then(end).build();
    }

    private void becomeRoot(SyscallProgram.Builder program) {
        program.call("leave groups", Syscall.SETGROUPS, Named.of(0), NULL)
                .call("become root inside", Syscall.SETRESGID, Named.of(0), Named.of(0), Named.of(0))
                .call("become root inside", Syscall.SETRESUID, Named.of(0), Named.of(0), Named.of(0))
                .call("die with the runtime", Syscall.PRCTL, Named.PR_SET_PDEATHSIG, Named.SIGKILL);
        alive(program)
                .call("own session", Syscall.SETSID)
                .call(
                        "no blocked signals",
                        Syscall.RT_SIGPROCMASK,
                        Named.SIG_SETMASK,
                        longs("[]", 0L),
                        NULL,
                        Named.of(8))
                .call("plain modes", Syscall.UMASK, Named.mode(0));
    }

    private static void folders(SyscallProgram.Builder program) {
        program.call("enter base", Syscall.CHDIR, text(MOUNT_POINT));
        for (String folder : List.of("s", "p", "d", "u", "w", "r")) {
            folder(program, folder, FOLDER);
        }
        folder(program, "c", Named.mode(0));
        bind(program, "make cover", "c", COVER_FLAGS);
    }

    private static void proc(SyscallProgram.Builder program) {
        program.call("mount proc", Syscall.MOUNT, text("proc"), text("p"), text("proc"), PROC_FLAGS, text("hidepid=2"));
        for (String file : MASKED_FILES) {
            program.call(
                    "mask proc",
                    OnFailure.goOnWith(Errno.ENOENT),
                    Syscall.MOUNT,
                    text("/dev/null"),
                    text("p/" + file),
                    NULL,
                    MS_BIND,
                    NULL);
        }
        for (String folder : MASKED_FOLDERS) {
            program.call(
                    "mask proc",
                    OnFailure.goOnWith(Errno.ENOENT),
                    Syscall.MOUNT,
                    text("c"),
                    text("p/" + folder),
                    NULL,
                    MS_BIND,
                    NULL);
        }
        READ_ONLY.forEach(path -> readOnly(program, "p/" + path));
    }

    private static void readOnly(SyscallProgram.Builder program, String path) {
        OnFailure absent = OnFailure.goOnWith(Errno.ENOENT);
        program.call(
                        "protect proc",
                        absent,
                        Syscall.MOUNT,
                        text(path),
                        text(path),
                        NULL,
                        Named.flags(MS_BIND, MS_REC),
                        NULL)
                .call(
                        "protect proc",
                        absent,
                        Syscall.MOUNT,
                        NULL,
                        text(path),
                        NULL,
                        Named.flags(MS_REMOUNT, MS_BIND, MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC),
                        NULL);
    }

    private static void dev(SyscallProgram.Builder program) {
        bind(program, "mount dev", "d", NODE_FLAGS);
        for (String node : NODES) {
            program.call(
                            "make dev",
                            Syscall.MKNODAT,
                            Named.AT_FDCWD,
                            text("d/" + node),
                            Named.flags(Named.S_IFREG, Named.mode(0666)),
                            Named.of(0))
                    .call("bind dev", Syscall.MOUNT, text("/dev/" + node), text("d/" + node), NULL, MS_BIND, NULL);
        }
        folder(program, "d/pts", FOLDER);
        program.call(
                "mount devpts",
                Syscall.MOUNT,
                text("devpts"),
                text("d/pts"),
                text("devpts"),
                NODE_FLAGS,
                text("newinstance,ptmxmode=0666,mode=0620,gid=5"));
        folder(program, "d/shm", Named.mode(01777));
        folder(program, "d/mqueue", FOLDER);
        program.call(
                "mount mqueue",
                OnFailure.goOnWith(Errno.ENODEV),
                Syscall.MOUNT,
                text("mqueue"),
                text("d/mqueue"),
                text("mqueue"),
                PROC_FLAGS,
                NULL);
        link(program, "pts/ptmx", "d/ptmx");
        link(program, "/proc/self/fd", "d/fd");
        link(program, "/proc/self/fd/0", "d/stdin");
        link(program, "/proc/self/fd/1", "d/stdout");
        link(program, "/proc/self/fd/2", "d/stderr");
    }

    /**
     * The writable layer holds real folders for every later mount point: it is the overlay's topmost layer, so whatever the image has under those names,
     * a symbolic link out of the root included, is covered by them.
     */
    private static void writableLayer(SyscallProgram.Builder program) {
        for (String name : List.of("proc", "dev", "sys", "etc")) {
            folder(program, "u/" + name, FOLDER);
        }
        folder(program, "u/tmp", Named.mode(01777));
    }

    /**
     * Makes the base the root and lets go of the host's. The child stays in the folder of all layers while that is covered: from here on its current folder
     * is the only way to them, and it gives that up at the start.
     */
    private static void leaveHost(SyscallProgram.Builder program) {
        program.call("leave host", Syscall.PIVOT_ROOT, text("."), text("."))
                .call("leave host", Syscall.UMOUNT2, text("."), Named.MNT_DETACH)
                .call("enter layers", Syscall.CHDIR, text("/s"));
        program.call("cover layers", Syscall.MOUNT, text("/c"), text("/s"), NULL, MS_BIND, NULL);
    }

    /**
     * From here on the child has descriptors of its own: 0 to 2, and {@link #MEMORY_GROUP}. Of the runtime's only those are copied that lie below the highest that it
     * needs ({@link dev.wisp.node.linux.LowDescriptors}).
     */
    private static void descriptors(SyscallProgram.Builder program, Inputs inputs) {
        int needed = Math.max(inputs.joinLast(), Math.max(inputs.stdout(), inputs.stderr()));
        program.call(
                        "own descriptors",
                        Syscall.CLOSE_RANGE,
                        Named.of(needed + 1),
                        ALL_DESCRIPTORS,
                        Named.CLOSE_RANGE_UNSHARE)
                .call("stdout", Syscall.DUP3, Named.descriptor(inputs.stdout(), "stdout"), Named.of(1), Named.NONE)
                .call("stderr", Syscall.DUP3, Named.descriptor(inputs.stderr(), "stderr"), Named.of(2), Named.NONE)
                .call("stdin", Syscall.OPENAT, Named.AT_FDCWD, text("/d/null"), Named.O_RDONLY)
                .call("stdin", Syscall.DUP3, previous(), Named.of(0), Named.NONE);
        if (inputs.joinLast() >= 0) {
            program.call(
                    "keep memory cgroup",
                    Syscall.DUP3,
                    Named.descriptor(inputs.joinLast(), "tasks"),
                    Named.of(MEMORY_GROUP),
                    Named.O_CLOEXEC);
        }
        closeFrom(program, inputs.joinLast() >= 0 ? MEMORY_GROUP + 1 : MEMORY_GROUP);
    }

    private static void closeFrom(SyscallProgram.Builder program, int first) {
        program.call("close descriptors", Syscall.CLOSE_RANGE, Named.of(first), ALL_DESCRIPTORS, Named.of(0));
    }

    /**
     * Any socket will do for the loopback, so it is the one that the runtime takes. The structure is the interface's name in 16 bytes and its flags, UP and
     * RUNNING.
     */
    private static void network(SyscallProgram.Builder program) {
        program.call("loopback up", Syscall.SOCKET, Named.AF_INET, Named.SOCK_STREAM, Named.of(0))
                .call("keep socket", Syscall.DUP3, previous(), Named.of(SOCKET), Named.O_CLOEXEC)
                .call(
                        "loopback up",
                        Syscall.IOCTL,
                        Named.descriptor(SOCKET, "socket"),
                        Named.SIOCSIFFLAGS,
                        longs("{lo, IFF_UP|IFF_RUNNING}", 0x6f6cL, 0L, 0x41L, 0L, 0L));
    }

    private static void files(SyscallProgram.Builder program) {
        link(program, "/proc/sys/kernel/hostname", "/u/etc/hostname");
        file(program, "/u/etc/resolv.conf", "# no name server: this sandbox has no network but its own loopback\n");
        program.call("close descriptors", Syscall.CLOSE_RANGE, Named.of(MEMORY_GROUP + 1), Named.of(HOSTS), Named.of(0))
                .call(
                        "keep hosts",
                        Syscall.OPENAT,
                        Named.AT_FDCWD,
                        text("/u/etc/hosts"),
                        Named.flags(Named.O_CREAT, Named.O_EXCL, Named.O_WRONLY),
                        Named.mode(0644))
                .call("keep hosts", Syscall.DUP3, previous(), Named.of(HOSTS), Named.O_CLOEXEC);
    }

    private static void file(SyscallProgram.Builder program, String path, String content) {
        String step = "write " + path.substring(path.lastIndexOf('/') + 1);
        program.call(
                        step,
                        Syscall.OPENAT,
                        Named.AT_FDCWD,
                        text(path),
                        Named.flags(Named.O_CREAT, Named.O_EXCL, Named.O_WRONLY),
                        Named.mode(0644))
                .call(step, Syscall.WRITE, previous(), text(content), Named.of(content.length()));
    }

    private static void limits(SyscallProgram.Builder program, int openFilesMax) {
        program.call("no core dumps", Syscall.PRLIMIT64, NULL, Named.RLIMIT_CORE, longs("{0, 0}", 0L, 0L), NULL)
                .call(
                        "limit open files",
                        Syscall.PRLIMIT64,
                        NULL,
                        Named.RLIMIT_NOFILE,
                        longs("{%1$d, %1$d}".formatted(openFilesMax), (long) openFilesMax, (long) openFilesMax),
                        NULL)
                .call("usual modes", Syscall.UMASK, Named.mode(022))
                .call("no new rights", Syscall.PRCTL, Named.PR_SET_NO_NEW_PRIVS, Named.of(1), NULL, NULL, NULL);
    }

    private void rights(SyscallProgram.Builder program, Rights kept) {
        if (kept.isNone()) {
            program.then(noRights);
            return;
        }
        drop(program, kept);
    }

    private void drop(SyscallProgram.Builder program, Rights kept) {
        for (int capability = 0; capability <= lastCapability; capability++) {
            if (!kept.has(capability)) {
                program.call(
                        "drop bounding set",
                        Syscall.PRCTL,
                        Named.PR_CAPBSET_DROP,
                        Named.of(capability),
                        NULL,
                        NULL,
                        NULL);
            }
        }
    }

    private static void tmpfs(SyscallProgram.Builder program, String step, String target, Named flags, String options) {
        program.call(step, Syscall.MOUNT, text("tmpfs"), text(target), text("tmpfs"), flags, text(options));
    }

    /** Makes a folder a mount of its own; binds of it have the same flags. */
    private static void bind(SyscallProgram.Builder program, String step, String path, Named flags) {
        Argument name = text(path);
        program.call(step, Syscall.MOUNT, name, name, NULL, MS_BIND, NULL)
                .call(step, Syscall.MOUNT, NULL, name, NULL, Named.flags(MS_REMOUNT, MS_BIND, flags), NULL);
    }

    private static void folder(SyscallProgram.Builder program, String path, Named mode) {
        program.call("make folder", Syscall.MKDIRAT, Named.AT_FDCWD, text(path), mode);
    }

    private static void link(SyscallProgram.Builder program, String target, String path) {
        Argument name = text(path);
        program.call("make link", Syscall.SYMLINKAT, text(target), Named.AT_FDCWD, name);
    }
}
