package dev.wisp.node.image;

import dev.wisp.contracts.oci.OciParser;
import dev.wisp.node.linux.FileCalls;
import dev.wisp.node.linux.FileCalls.Metadata;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks one layer. Left out: device nodes, FIFOs, extended attributes (a sandbox gains nothing from file capabilities, and overlayfs
 * must take orders from us alone) and the set-user-id and set-group-id bits of files (a sandbox has {@code no_new_privs}, and this host
 * must not hold foreign set-user-id programs).
 */
final class LayerUnpacker {

    /** All headers of one entry: long names and attributes take a few KiB. Also bounds the tar reader's recursion. */
    private static final int HEADER_BYTES_MAX = 256 << 10;

    private static final int RECORD_BYTES = 512;
    private static final int ID_MAX = 65_535;

    /** Ids no sandbox maps belong to "nobody", as the kernel shows them in a user namespace. */
    private static final int NOBODY = 65_534;

    private static final int FILE_MODE = 0777;
    private static final int FOLDER_MODE = 03777;

    private final FileCalls calls;

    LayerUnpacker(FileCalls calls) {
        this.calls = calls;
    }

    /**
     * What unpacking gave.
     *
     * @param bytes of the tar stream
     * @param rootOpaque whether the layer hides all layers below it
     */
    record Unpacked(long bytes, boolean rootOpaque) {}

    /**
     * Unpacks {@code layer} into the empty folder {@code into} and brings it to the disk.
     *
     * @throws RefusedLayerException when it is broken, hostile or too large; other {@link IOException}s are this host's
     */
    Unpacked unpack(Path layer, Path into, UnpackBudget budget) throws IOException {
        try (InputStream file = Files.newInputStream(layer);
                LayerStream stream = LayerStream.open(file, budget);
                TarArchiveInputStream tar = new TarArchiveInputStream(stream, "UTF-8");
                LayerTree tree = new LayerTree(calls, into)) {
            for (TarArchiveEntry entry = next(tar, stream); entry != null; entry = next(tar, stream)) {
                budget.spendEntry();
                stream.allow(allowance(entry));
                add(entry, tar, tree);
                drain(tar);
            }
            tree.finish();
            return new Unpacked(stream.unpacked(), tree.rootOpaque());
        }
    }

    private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar, LayerStream stream) throws IOException {
        stream.allow(HEADER_BYTES_MAX);
        try {
            TarArchiveEntry entry = tar.getNextEntry();
            if (entry != null && !entry.isCheckSumOK()) {
                throw RefusedLayerException.broken("is not a tar archive: a header's checksum is wrong");
            }
            return entry;
        } catch (RefusedLayerException e) {
            throw e;
        } catch (IOException
                | RuntimeException e) { // The reader meets some malformed headers with unchecked exceptions.
            throw RefusedLayerException.broken(
                    "is not a valid tar archive: " + OciParser.excerpt("" + e.getMessage()), e);
        }
    }

    /** An entry's content and the padding after it. */
    private static long allowance(TarArchiveEntry entry) throws RefusedLayerException {
        long size = entry.getSize();
        if (size < 0 || size > Long.MAX_VALUE - RECORD_BYTES) {
            throw RefusedLayerException.broken("has an entry of impossible size");
        }
        return size + RECORD_BYTES;
    }

    private static void drain(TarArchiveInputStream tar) throws IOException {
        byte[] ignored = new byte[RECORD_BYTES * 16];
        while (readContent(tar, ignored) >= 0) {
            // Only the position counts: the next headers are read under their own bound.
        }
    }

    private static int readContent(TarArchiveInputStream tar, byte[] into) throws IOException {
        try {
            return tar.read(into);
        } catch (RefusedLayerException e) {
            throw e;
        } catch (IOException e) {
            throw RefusedLayerException.broken("is cut short", e);
        }
    }

    private static void add(TarArchiveEntry entry, TarArchiveInputStream tar, LayerTree tree) throws IOException {
        EntryPath path = EntryPath.parse(entry.getName());
        if (path.marksParentOpaque()) {
            tree.opaque(path.parent());
        } else if (path.isWhiteout() && !path.isAufsLeftover()) {
            tree.whiteout(path.removed());
        } else if (!path.isAufsLeftover()) {
            addContent(entry, path, tar, tree);
        }
    }

    private static void addContent(TarArchiveEntry entry, EntryPath path, TarArchiveInputStream tar, LayerTree tree)
            throws IOException {
        if (entry.isSparse()) {
            throw RefusedLayerException.broken("has a sparse file, which is not read: " + path);
        }
        switch (entry.getLinkFlag()) {
            case TarConstants.LF_DIR -> tree.directory(path, metadata(entry, FOLDER_MODE));
            case TarConstants.LF_SYMLINK -> tree.symlink(path, metadata(entry, FILE_MODE), entry.getLinkName());
            case TarConstants.LF_LINK -> tree.hardLink(path, EntryPath.parse(entry.getLinkName()));
            case TarConstants.LF_OLDNORM, TarConstants.LF_NORMAL, TarConstants.LF_CONTIG ->
                addFile(entry, path, tar, tree);
            case TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO -> {}
            default ->
                throw RefusedLayerException.broken(
                        "has an entry of unknown kind %d: %s".formatted(entry.getLinkFlag(), path));
        }
    }

    /** In archives older than POSIX a folder is a file whose name ends in a slash. */
    private static void addFile(TarArchiveEntry entry, EntryPath path, TarArchiveInputStream tar, LayerTree tree)
            throws IOException {
        if (entry.getName().endsWith("/")) {
            tree.directory(path, metadata(entry, FOLDER_MODE));
        } else {
            tree.file(path, metadata(entry, FILE_MODE), new ContentStream(tar), entry.getSize());
        }
    }

    private static Metadata metadata(TarArchiveEntry entry, int modeMask) {
        FileTime modified = entry.getLastModifiedTime();
        Instant time = modified == null ? Instant.EPOCH : modified.toInstant();
        return new Metadata(
                id(entry.getLongUserId()),
                id(entry.getLongGroupId()),
                entry.getMode() & modeMask,
                time.getEpochSecond(),
                time.getNano());
    }

    private static int id(long id) {
        return id < 0 || id > ID_MAX ? NOBODY : (int) id;
    }

    /** An entry's content, whose failures are the layer's and not this host's. */
    private static final class ContentStream extends InputStream {

        private final TarArchiveInputStream tar;

        ContentStream(TarArchiveInputStream tar) {
            this.tar = tar;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return tar.read(bytes, offset, length);
            } catch (RefusedLayerException e) {
                throw e;
            } catch (IOException e) {
                throw RefusedLayerException.broken("is cut short", e);
            }
        }
    }
}
