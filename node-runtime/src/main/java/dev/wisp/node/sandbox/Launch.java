package dev.wisp.node.sandbox;

import static dev.wisp.node.linux.Argument.longs;
import static dev.wisp.node.linux.Argument.previous;
import static dev.wisp.node.linux.Argument.text;
import static dev.wisp.node.linux.Named.MS_MOVE;
import static dev.wisp.node.linux.Named.MS_NODEV;
import static dev.wisp.node.linux.Named.MS_NOSUID;
import static dev.wisp.node.linux.Named.MS_REMOUNT;

import dev.wisp.node.linux.Argument;
import dev.wisp.node.linux.Errno;
import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.OnFailure;
import dev.wisp.node.linux.SharedWord;
import dev.wisp.node.linux.Syscall;
import dev.wisp.node.linux.SyscallProgram;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last part of a sandbox's program: the image, the limits, the filter, the entrypoint. It is all that a start waits for. */
final class Launch {

    /** Step of the last rows; a failure there is the image's, not the sandbox's. */
    static final String EXECUTE = "execute entrypoint";

    static final String WORKING_FOLDER = "enter working directory";

    static final String VOLUME = "open volume for writing";

    private static final String OVERLAY_REST = ",upperdir=/u,workdir=/w,userxattr";

    private static final Named NULL = new Named("NULL", 0);
    private static final Named ROOT_FLAGS = Named.flags(MS_NOSUID, MS_NODEV);
    private static final Named RESIZE_FLAGS = Named.flags(MS_REMOUNT, MS_NOSUID, MS_NODEV);
    private static final Named RESIZE_SHARED_FLAGS = Named.flags(MS_REMOUNT, MS_NOSUID, MS_NODEV, Named.MS_NOEXEC);
    private static final Named READ_ONLY_FLAGS =
            Named.flags(MS_REMOUNT, Named.MS_BIND, Named.MS_RDONLY, MS_NOSUID, MS_NODEV);
    private static final long FOLDER_ONLY =
            Named.flags(Named.O_PATH, Named.O_DIRECTORY, Named.O_CLOEXEC).value();
    private static final Named REPLACED_FILE = Named.flags(Named.O_WRONLY, Named.O_TRUNC, Named.O_NOFOLLOW);
    private static final Named FOLDER_MODE = Named.mode(0755);
    private static final Named ALL_DESCRIPTORS = new Named("~0", 0xFFFF_FFFFL);
    private static final Named HOSTS = Named.descriptor(Furnishing.HOSTS, "hosts");
    /** Between those that a parked child keeps: what is opened takes it, and must leave it for those that come later. */
    private static final Named FIRST_FREE = Named.of(Furnishing.HOSTS - 1);

    private static final Named MEMORY_GROUP = Named.descriptor(Furnishing.MEMORY_GROUP, "tasks");
    private static final long CAPABILITY_VERSION_3 = 0x20080522L;

    /**
     * What of it differs from one start to the next.
     *
     * @param root the image to mount, null when it is mounted already
     * @param parked what the parked sandbox's file systems hold at most
     * @param candidates paths to try, in order
     * @param label who the entrypoint is to the host's security module, null for nobody in particular
     * @param resolvConf name servers, empty when there is no network to ask over
     */
    record Inputs(
            String hostname,
            @Nullable ImageRoot root,
            WriteBounds parked,
            ImageUser user,
            List<String> candidates,
            List<String> argv,
            List<String> env,
            boolean joinsMemoryLast,
            Folders folders,
            Rights rights,
            int landlock,
            Named filter,
            @Nullable ExecLabel label,
            String resolvConf) {

        Inputs {
            candidates = List.copyOf(candidates);
            argv = List.copyOf(argv);
            env = List.copyOf(env);
        }
    }

    /**
     * What of the image's folders is made or opened for writing.
     *
     * @param working where it starts
     * @param volumes made when missing; can be written whatever the root can
     */
    record Folders(String working, List<String> volumes, RootMode root) {

        Folders {
            volumes = List.copyOf(volumes);
        }
    }

    /** Whether the image's own files can be changed. */
    enum RootMode {
        WRITABLE,
        READ_ONLY
    }

    private Launch() {}

    static SyscallProgram program(Inputs inputs) {
        SyscallProgram.Builder program = SyscallProgram.builder();
        if (inputs.root() != null) {
            root(program, inputs.root(), inputs.parked());
        }
        names(program, inputs.hostname());
        resolver(program, inputs.resolvConf());
        folders(program, inputs.folders());
        lastRights(program, inputs);
        for (int i = 0; i < inputs.candidates().size(); i++) {
            boolean last = i == inputs.candidates().size() - 1;
            program.call(
                    EXECUTE,
                    last ? OnFailure.STOP : OnFailure.GO_ON,
                    Syscall.EXECVE,
                    text(inputs.candidates().get(i)),
                    new Argument.Strings(inputs.argv()),
                    new Argument.Strings(inputs.env()));
        }
        return program.build();
    }

    /** What a parked sandbox does that becomes one of a certain image: it mounts that and waits at another gate. */
    static SyscallProgram mountAhead(ImageRoot root, WriteBounds parked) {
        SyscallProgram.Builder program = SyscallProgram.builder();
        root(program, root, parked);
        return program.signal("mounted", SharedWord.MOUNTED)
                .gate(Furnishing.WAIT_FOR_START, SharedWord.LAUNCH)
                .build();
    }

    private static void root(SyscallProgram.Builder program, ImageRoot root, WriteBounds parked) {
        resize(program, root.bounds(), parked);
        program.call(
                        "mount overlay",
                        Syscall.MOUNT,
                        text("overlay"),
                        text("/r"),
                        text("overlay"),
                        ROOT_FLAGS,
                        text("lowerdir=" + String.join(":", root.layers()) + OVERLAY_REST))
                .call("move proc", Syscall.MOUNT, text("/p"), text("/r/proc"), NULL, MS_MOVE, NULL)
                .call("move dev", Syscall.MOUNT, text("/d"), text("/r/dev"), NULL, MS_MOVE, NULL);
        enterRoot(program);
    }

    /** Only what differs: most parked sandboxes have been made for the limits that come. */
    private static void resize(SyscallProgram.Builder program, WriteBounds wanted, WriteBounds has) {
        if (wanted.layerBytes() != has.layerBytes()) {
            program.call(
                    "size writable layer",
                    Syscall.MOUNT,
                    NULL,
                    text("/"),
                    NULL,
                    RESIZE_FLAGS,
                    text(wanted.layerOptions()));
        }
        if (wanted.sharedBytes() != has.sharedBytes()) {
            program.call(
                    "size shm",
                    Syscall.MOUNT,
                    NULL,
                    text("/d/shm"),
                    NULL,
                    RESIZE_SHARED_FLAGS,
                    text(wanted.sharedOptions()));
        }
    }

    /**
     * The overlay goes on top of the base and becomes the root. Pivoting and unmounting the base instead would wait for the kernel's grace period: 90 µs on an idle
     * machine, 5,000 on a busy one. What stays below is out of reach without CAP_SYS_CHROOT, which no sandbox has and the filter denies to use, and holds
     * nothing of others.
     */
    private static void enterRoot(SyscallProgram.Builder program) {
        program.call("enter root", Syscall.CHDIR, text("/r"))
                .call("enter root", Syscall.MOUNT, text("."), text("/"), NULL, MS_MOVE, NULL)
                .call("enter root", Syscall.CHROOT, text("."));
    }

    private static void names(SyscallProgram.Builder program, String hostname) {
        String hosts = "127.0.0.1\tlocalhost " + hostname + "\n::1\tlocalhost\n";
        program.call("set host name", Syscall.SETHOSTNAME, text(hostname), Named.of(hostname.length()))
                .call("write hosts", Syscall.WRITE, HOSTS, text(hosts), Named.of(utf8(hosts)));
    }

    /** The file is the writable layer's own, whatever the image has under that name. */
    private static void resolver(SyscallProgram.Builder program, String resolvConf) {
        if (!resolvConf.isEmpty()) {
            program.call(
                            "write resolv.conf",
                            Syscall.OPENAT,
                            Named.AT_FDCWD,
                            text("/etc/resolv.conf"),
                            REPLACED_FILE,
                            Named.NONE)
                    .call("write resolv.conf", Syscall.WRITE, previous(), text(resolvConf), Named.of(utf8(resolvConf)));
        }
    }

    /**
     * All this happens in the image's root, whose links lead nowhere else. With a read-only root its mount is made so, while what may be written becomes a mount of
     * its own of the same overlay before: the content is the image's, and is copied when it is first written.
     */
    private static void folders(SyscallProgram.Builder program, Folders folders) {
        folders.volumes().forEach(path -> make(program, "make volume", path));
        make(program, "make working directory", folders.working());
        if (folders.root() == RootMode.READ_ONLY) {
            writable(program, "/tmp");
            folders.volumes().forEach(path -> writable(program, path));
            program.call("protect root", Syscall.MOUNT, NULL, text("/"), NULL, READ_ONLY_FLAGS, NULL);
        }
        enter(program, WORKING_FOLDER, folders.working());
    }

    private static void make(SyscallProgram.Builder program, String step, String path) {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            makeOne(program, step, path.substring(0, slash));
        }
        if (path.length() > 1) {
            makeOne(program, step, path);
        }
    }

    private static void makeOne(SyscallProgram.Builder program, String step, String path) {
        program.call(step, OnFailure.GO_ON, Syscall.MKDIRAT, Named.AT_FDCWD, text(path), FOLDER_MODE);
    }

    private static void writable(SyscallProgram.Builder program, String path) {
        enter(program, VOLUME, path);
        program.call(VOLUME, Syscall.MOUNT, text("."), text("."), NULL, Named.MS_BIND, NULL)
                .call(VOLUME, Syscall.CLOSE_RANGE, FIRST_FREE, FIRST_FREE, Named.of(0));
    }

    private static void enter(SyscallProgram.Builder program, String step, String path) {
        // Not by a magic link, which could lead to a folder outside of the root that somebody holds open.
        program.call(
                        step,
                        Syscall.OPENAT2,
                        Named.AT_FDCWD,
                        text(path),
                        longs("{O_PATH|O_DIRECTORY|O_CLOEXEC, RESOLVE_NO_MAGICLINKS}", FOLDER_ONLY, 0L, 2L),
                        Named.of(24))
                .call(step, Syscall.FCHDIR, previous());
    }

    /**
     * The memory group first, then the view of groups (its root becomes what was just joined), then the ids, then the capabilities, then the filter: each
     * takes away what the ones before it needed.
     */
    private static void lastRights(SyscallProgram.Builder program, Inputs inputs) {
        if (inputs.joinsMemoryLast()) {
            program.call("join memory cgroup", Syscall.WRITE, MEMORY_GROUP, text("0"), Named.of(1));
        }
        program.call("own view of cgroups", Syscall.UNSHARE, Named.CLONE_NEWCGROUP);
        Landlock.enter(program, inputs.landlock());
        user(program, inputs.user());
        program.call(
                        "drop capabilities",
                        Syscall.CAPSET,
                        longs("{v3, self}", CAPABILITY_VERSION_3),
                        rights(inputs.rights()))
                .call(
                        "close descriptors",
                        Syscall.CLOSE_RANGE,
                        Named.of(Furnishing.MEMORY_GROUP),
                        ALL_DESCRIPTORS,
                        Named.of(0));
        label(program, inputs.label());
        program.call(
                "install rest of the filter",
                Syscall.SECCOMP,
                Named.SECCOMP_SET_MODE_FILTER,
                Named.of(0),
                inputs.filter());
    }

    /** The kernel takes it only from whom the file was opened by, ids and capabilities included: so after their last change. */
    private static void label(SyscallProgram.Builder program, @Nullable ExecLabel label) {
        if (label == null) {
            return;
        }
        program.call(
                        label.step(),
                        Syscall.OPENAT,
                        Named.AT_FDCWD,
                        text(label.file()),
                        Named.flags(Named.O_WRONLY, Named.O_CLOEXEC))
                .call(label.step(), Syscall.WRITE, previous(), text(label.text()), Named.of(utf8(label.text())));
    }

    /** Effective and permitted, inheritable none; twice 32 bits of each, and all that can be kept are in the first. */
    private static Argument rights(Rights rights) {
        return rights.isNone()
                ? longs("{none}", 0L, 0L, 0L)
                : longs("{0x%x}".formatted(rights.bits()), rights.bits() | rights.bits() << 32, 0L, 0L);
    }

    private static void user(SyscallProgram.Builder program, ImageUser user) {
        if (user.isRoot()) {
            return;
        }
        Named uid = Named.of(user.uid());
        Named gid = Named.of(user.gid());
        program.call("become user", Syscall.SETGROUPS, Named.of(user.groups().size()), groups(user.groups()))
                .call("become user", Syscall.SETRESGID, gid, gid, gid)
                .call("become user", Syscall.SETRESUID, uid, uid, uid)
                .call("die with the runtime", Syscall.PRCTL, Named.PR_SET_PDEATHSIG, Named.SIGKILL);
    }

    /** Group ids are 32 bits wide, two in a word. */
    private static Argument groups(List<Integer> groups) {
        List<Long> words = new ArrayList<>();
        for (int i = 0; i < groups.size(); i += 2) {
            long high = i + 1 < groups.size() ? groups.get(i + 1) : 0;
            words.add(groups.get(i) | high << 32);
        }
        return new Argument.Longs(words.isEmpty() ? List.of(0L) : words, groups.toString());
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Where an entrypoint may be, as a shell would look: itself when it has a slash, else in every folder of {@code PATH}.
     *
     * @param foldersMax bound of the folders looked at
     */
    static List<String> candidates(String name, String path, int foldersMax) {
        if (name.indexOf('/') >= 0) {
            return List.of(name);
        }
        List<String> candidates = new ArrayList<>();
        for (String folder : path.split(":", -1)) {
            if (folder.startsWith("/") && candidates.size() < foldersMax) {
                candidates.add((folder.endsWith("/") ? folder : folder + "/") + name);
            }
        }
        return candidates;
    }

    /** Whether an error of the last row says that there is no such program, rather than that the sandbox is broken. */
    static boolean meansNotFound(int errno) {
        return switch (errno) {
            case Errno.ENOENT, Errno.EACCES, Errno.ENOTDIR, Errno.ENOEXEC, Errno.EISDIR, Errno.ELOOP -> true;
            default -> false;
        };
    }
}
