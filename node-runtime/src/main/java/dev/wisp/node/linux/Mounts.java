package dev.wisp.node.linux;

/** Mounts that belong to no tree yet, made by the runtime for a child to attach. Thread-safe. */
public final class Mounts {

    private static final long OPEN_TREE_CLONE = 1;
    private static final long AT_EMPTY_PATH = 0x1000;
    private static final long MOUNT_ATTR_RDONLY = 1;
    private static final long MOUNT_ATTR_NOSUID = 2;
    private static final long MOUNT_ATTR_NODEV = 4;
    private static final long MOUNT_ATTR_IDMAP = 0x100000;
    private static final int MOUNT_ATTR_BYTES = 32;

    private final Kernel kernel;

    public Mounts(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * A read-only copy of the mount a folder is on, rooted at the folder, where owners appear as the user namespace maps them: what root owns on disk
     * is owned by the namespace's root there.
     *
     * @return descriptor that the caller owns; the mount goes when it is closed and nothing else holds it
     * @throws ErrnoException {@code mount_setattr: EINVAL} when the file system cannot be mapped
     */
    public int idmapped(String folder, int userNamespace) {
        int tree = open(folder);
        try {
            kernel.scratch(scratch -> {
                long attributes = scratch.reserve(MOUNT_ATTR_BYTES);
                scratch.putLong(
                        attributes, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_IDMAP);
                scratch.putLong(attributes + 8, 0);
                scratch.putLong(attributes + 16, 0);
                scratch.putLong(attributes + 24, userNamespace);
                return kernel.call(
                        folder,
                        Syscall.MOUNT_SETATTR,
                        tree,
                        scratch.appendString(""),
                        AT_EMPTY_PATH,
                        scratch.address() + attributes,
                        MOUNT_ATTR_BYTES,
                        0);
            });
            return tree;
        } catch (ErrnoException e) {
            kernel.raw(Syscall.CLOSE, tree, 0, 0);
            throw e;
        }
    }

    private int open(String folder) {
        return kernel.scratch(scratch -> (int) kernel.call(
                folder,
                Syscall.OPEN_TREE,
                Named.AT_FDCWD.value(),
                scratch.appendString(folder),
                OPEN_TREE_CLONE | Named.O_CLOEXEC.value()));
    }
}
