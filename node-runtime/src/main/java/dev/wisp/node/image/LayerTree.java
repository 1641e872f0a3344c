package dev.wisp.node.image;

import dev.wisp.contracts.oci.OciParser;
import dev.wisp.node.linux.FileCalls;
import dev.wisp.node.linux.FileCalls.Kind;
import dev.wisp.node.linux.FileCalls.Metadata;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files of one layer being unpacked, in the form overlayfs takes as a lower layer: whiteouts are character devices 0/0, opaque
 * folders carry {@code user.overlay.opaque}. Every path is walked from the root's descriptor by the kernel with symbolic links refused,
 * so nothing an archive says can reach outside. Whiteouts hide lower layers only: what this layer itself has beside one stays, whichever
 * comes first. Not thread-safe.
 */
final class LayerTree implements AutoCloseable {

    private static final int PIECE_BYTES = 128 << 10;
    private static final int LINK_TARGET_BYTES_MAX = 4095;

    /** Bounds what is remembered of folders until their times are set. */
    private static final long FOLDER_NAME_CHARS_MAX = 32 << 20;

    /** What a folder gets that the layer uses without having an entry for it. */
    private static final Metadata IMPLIED_FOLDER = new Metadata(0, 0, 0755, 0, 0);

    private final FileCalls calls;
    private final int root;
    private final Map<EntryPath, Metadata> folders = new LinkedHashMap<>();
    private final byte[] piece = new byte[PIECE_BYTES];
    private final ByteBuffer direct = ByteBuffer.allocateDirect(PIECE_BYTES);
    private long folderNameChars;
    private boolean rootOpaque;

    /** {@code folder} exists and is empty. */
    LayerTree(FileCalls calls, Path folder) throws IOException {
        this.calls = calls;
        this.root = calls.openRoot(folder);
        try {
            calls.apply(root, IMPLIED_FOLDER);
        } catch (IOException e) {
            calls.close(root);
            throw e;
        }
    }

    void directory(EntryPath path, Metadata metadata) throws IOException {
        remember(path, metadata);
        calls.close(openFolder(path));
    }

    /** Writes exactly {@code bytes} from {@code content}. */
    void file(EntryPath path, Metadata metadata, InputStream content, long bytes) throws IOException {
        create(path, (parent, name) -> {
            int fd = calls.createFile(parent, name);
            try {
                copy(content, bytes, fd);
                calls.apply(fd, metadata);
            } finally {
                calls.close(fd);
            }
        });
    }

    private void copy(InputStream content, long bytes, int fd) throws IOException {
        for (long left = bytes; left > 0; ) {
            int count = content.read(piece, 0, (int) Math.min(piece.length, left));
            if (count < 0) {
                throw RefusedLayerException.broken("ends in the middle of a file");
            }
            direct.clear().put(piece, 0, count).flip();
            calls.write(fd, direct);
            left -= count;
        }
    }

    void symlink(EntryPath path, Metadata metadata, String target) throws IOException {
        EntryPath.requireText(target, LINK_TARGET_BYTES_MAX);
        if (target.isEmpty()) {
            throw RefusedLayerException.broken("has a symbolic link to nothing: " + shown(path));
        }
        create(path, (parent, name) -> {
            calls.symlink(target, parent, name);
            calls.applyToLink(parent, name, metadata);
        });
    }

    void hardLink(EntryPath path, EntryPath target) throws IOException {
        if (target.isRoot() || target.equals(path)) {
            throw RefusedLayerException.broken("has a hard link to no file: " + shown(path));
        }
        int targetParent = openExisting(target.parent());
        try {
            requireLinkable(targetParent, target);
            create(path, (parent, name) -> calls.link(targetParent, target.name(), parent, name));
        } finally {
            calls.close(targetParent);
        }
    }

    private void requireLinkable(int parent, EntryPath target) throws IOException {
        Kind kind = calls.kind(parent, target.name());
        if (kind != Kind.REGULAR && kind != Kind.SYMLINK) {
            throw RefusedLayerException.broken("has a hard link to a file it does not have: " + shown(target));
        }
    }

    /** Hides what lower layers have at a path. */
    void whiteout(EntryPath path) throws IOException {
        int parent = openFolder(path.parent());
        try {
            Kind present = calls.kind(parent, path.name());
            if (present == Kind.MISSING) {
                calls.makeWhiteout(parent, path.name());
            } else if (present == Kind.DIRECTORY) {
                opaque(path);
            }
        } finally {
            calls.close(parent);
        }
    }

    /** Hides what lower layers have in a folder. */
    void opaque(EntryPath folder) throws IOException {
        if (folder.isRoot()) {
            rootOpaque = true;
            return;
        }
        int fd = openFolder(folder);
        try {
            calls.markOpaque(fd);
        } finally {
            calls.close(fd);
        }
    }

    /** Whether the layer hides all layers below it, which overlayfs has no mark for. */
    boolean rootOpaque() {
        return rootOpaque;
    }

    /** Gives folders their owners, permissions and times, which writing into them changed, and brings all to the disk. */
    void finish() throws IOException {
        for (Map.Entry<EntryPath, Metadata> folder : folders.entrySet()) {
            int fd = openFolder(folder.getKey());
            try {
                calls.apply(fd, folder.getValue());
            } finally {
                calls.close(fd);
            }
        }
        calls.syncFileSystem(root);
    }

    @Override
    public void close() {
        calls.close(root);
    }

    private void remember(EntryPath path, Metadata metadata) throws RefusedLayerException {
        if (folders.put(path, metadata) == null) {
            folderNameChars +=
                    path.components().stream().mapToInt(String::length).sum();
        }
        if (folderNameChars > FOLDER_NAME_CHARS_MAX) {
            throw RefusedLayerException.tooLarge("has too many folders");
        }
    }

    /** Makes one file in its folder, whose descriptor it is given. */
    @FunctionalInterface
    private interface Creation {
        void in(int parent, String name) throws IOException;
    }

    /** A later entry replaces an earlier one of the same name. */
    private void create(EntryPath path, Creation creation) throws IOException {
        if (path.isRoot()) {
            throw RefusedLayerException.broken("has something else than a folder as its root");
        }
        int parent = openFolder(path.parent());
        try {
            makeRoom(parent, path);
            creation.in(parent, path.name());
        } finally {
            calls.close(parent);
        }
    }

    private void makeRoom(int parent, EntryPath path) throws IOException {
        try {
            switch (calls.kind(parent, path.name())) {
                case REGULAR, SYMLINK, WHITEOUT -> calls.unlink(parent, path.name());
                case DIRECTORY -> {
                    calls.removeDirectory(parent, path.name());
                    folders.remove(path);
                }
                case MISSING, OTHER -> {}
            }
        } catch (FileCalls.Failed e) {
            throw e.errno() == FileCalls.ENOTEMPTY
                    ? RefusedLayerException.broken("replaces a folder that is not empty by a file: " + shown(path), e)
                    : e;
        }
    }

    private int openExisting(EntryPath folder) throws IOException {
        try {
            return calls.openDirectory(root, folder.toString());
        } catch (FileCalls.Failed e) {
            throw explained(folder, e);
        }
    }

    /** Opens a folder of the layer, making what is missing of it. The caller closes it. */
    private int openFolder(EntryPath folder) throws IOException {
        try {
            return calls.openDirectory(root, folder.toString());
        } catch (FileCalls.Failed e) {
            return makeFolders(folder);
        }
    }

    private int makeFolders(EntryPath folder) throws IOException {
        int at = calls.openDirectory(root, ".");
        for (String name : folder.components()) {
            try {
                int next = enter(at, name);
                calls.close(at);
                at = next;
            } catch (IOException e) {
                calls.close(at);
                throw e instanceof FileCalls.Failed failed ? explained(folder, failed) : e;
            }
        }
        return at;
    }

    /**
     * Opens or makes one folder. Where this layer removes what lower layers had and then makes a folder, the folder hides what was in
     * theirs: it is opaque.
     */
    private int enter(int parent, String name) throws IOException {
        Kind present = calls.kind(parent, name);
        if (present != Kind.MISSING && present != Kind.WHITEOUT) {
            return calls.openDirectory(parent, name);
        }
        if (present == Kind.WHITEOUT) {
            calls.unlink(parent, name);
        }
        calls.makeDirectory(parent, name);
        int made = calls.openDirectory(parent, name);
        try {
            calls.apply(made, IMPLIED_FOLDER);
            if (present == Kind.WHITEOUT) {
                calls.markOpaque(made);
            }
            return made;
        } catch (IOException e) {
            calls.close(made);
            throw e;
        }
    }

    private static IOException explained(EntryPath path, FileCalls.Failed failure) {
        return switch (failure.errno()) {
            case FileCalls.ELOOP, FileCalls.EXDEV ->
                RefusedLayerException.broken("has an entry behind a symbolic link: " + shown(path), failure);
            case FileCalls.ENOTDIR ->
                RefusedLayerException.broken(
                        "has an entry below something that is not a folder: " + shown(path), failure);
            case FileCalls.ENOENT ->
                RefusedLayerException.broken("refers to a folder it does not have: " + shown(path), failure);
            default -> failure;
        };
    }

    private static String shown(EntryPath path) {
        return OciParser.excerpt(path.toString());
    }
}
