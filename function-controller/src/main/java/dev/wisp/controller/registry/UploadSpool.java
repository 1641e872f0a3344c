package dev.wisp.controller.registry;

import dev.wisp.contracts.oci.Digest;
import dev.wisp.contracts.oci.OciParser;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files of an uploaded archive. They are written to disk as they come, in any order, each under a name of the store's own: names in
 * the archive are only keys of a map here, and so are the targets of its links.
 */
final class UploadSpool implements AutoCloseable {

    private static final int FILES_MAX = 10_000;
    private static final int NAME_CHARS_MAX = 1024;
    private static final int LINKS_MAX = 8;
    private static final int PIECE_BYTES = 128 << 10;

    private final BlobStore store;
    private final Map<String, SpooledFile> files = new HashMap<>();
    private final Map<Digest, SpooledFile> byDigest = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();

    /** One file of the archive; {@code digest} is that of its bytes. */
    record SpooledFile(Path path, Digest digest, long bytes) {}

    /**
     * What an upload may cost.
     *
     * @param bytesMax of the archive, decompressed
     * @param diskReserveBytes free space to leave
     */
    record Limits(long bytesMax, long diskReserveBytes) {}

    private UploadSpool(BlobStore store) {
        this.store = store;
    }

    /** Reads a tar archive, compressed with gzip or not; the caller closes the result, which deletes what nobody moved away. */
    static UploadSpool read(InputStream archive, BlobStore store, Limits limits) throws IOException {
        UploadSpool spool = new UploadSpool(store);
        try {
            spool.readAll(UploadStream.open(archive, limits.bytesMax()), limits);
            return spool;
        } catch (IOException | RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    private void readAll(UploadStream stream, Limits limits) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(stream, "UTF-8");
        byte[] piece = new byte[PIECE_BYTES];
        for (TarArchiveEntry entry = next(tar, stream); entry != null; entry = next(tar, stream)) {
            if (files.size() + links.size() >= FILES_MAX) {
                throw invalid("the archive has more than %d files".formatted(FILES_MAX));
            }
            stream.allowContent(entry.getSize());
            add(entry, tar, piece, limits);
        }
    }

    private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar, UploadStream stream) throws IOException {
        stream.allowHeaders();
        try {
            TarArchiveEntry entry = tar.getNextEntry();
            if (entry != null && !entry.isCheckSumOK()) {
                throw invalid("the upload is not a tar archive");
            }
            return entry;
        } catch (UploadStream.Interrupted e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.of(
                            ErrorCode.IMAGE_INVALID,
                            "the upload is not a tar archive: " + OciParser.excerpt("" + e.getMessage())),
                    e);
        }
    }

    private void add(TarArchiveEntry entry, TarArchiveInputStream tar, byte[] piece, Limits limits) throws IOException {
        String name = key(entry.getName());
        if (entry.isSymbolicLink()) {
            links.put(name, key(parent(name) + entry.getLinkName()));
        } else if (entry.isLink()) {
            links.put(name, key(entry.getLinkName()));
        } else if (entry.isFile() && !entry.isSparse()) {
            spool(name, tar, piece, limits);
        } else {
            drain(tar, piece);
        }
    }

    private void spool(String name, InputStream content, byte[] piece, Limits limits) throws IOException {
        if (store.usableBytes() < limits.diskReserveBytes()) {
            throw StorageFailure.full("the disk has less than %d bytes free".formatted(limits.diskReserveBytes()));
        }
        Path path = store.newFile();
        MessageDigest digest = Digest.algorithm();
        long bytes = 0;
        try (OutputStream out = Files.newOutputStream(path)) {
            for (int count = readContent(content, piece); count >= 0; count = readContent(content, piece)) {
                digest.update(piece, 0, count);
                out.write(piece, 0, count);
                bytes += count;
            }
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(path);
            throw e;
        }
        keep(name, new SpooledFile(path, Digest.finish(digest), bytes));
    }

    /** Of two files with one name the last counts; of two with the same content one is enough. */
    private void keep(String name, SpooledFile file) throws IOException {
        SpooledFile same = byDigest.putIfAbsent(file.digest(), file);
        if (same != null) {
            Files.deleteIfExists(file.path());
        }
        files.put(name, same == null ? file : same);
    }

    private static void drain(InputStream content, byte[] piece) throws IOException {
        while (readContent(content, piece) >= 0) {
            // The next headers are read under their own bound.
        }
    }

    /** Failures here are the upload's; those of writing are the disk's. */
    private static int readContent(InputStream content, byte[] piece) throws IOException {
        try {
            return content.read(piece);
        } catch (UploadStream.Interrupted e) {
            throw e;
        } catch (IOException e) {
            throw new UploadStream.Interrupted(e);
        }
    }

    /** A file by its name in the archive; links are followed by name. */
    Optional<SpooledFile> file(String name) {
        String key = key(name);
        for (int i = 0; i < LINKS_MAX && links.containsKey(key) && !files.containsKey(key); i++) {
            key = links.getOrDefault(key, key);
        }
        return Optional.ofNullable(files.get(key));
    }

    Optional<SpooledFile> blob(Digest digest) {
        return Optional.ofNullable(byDigest.get(digest));
    }

    /** The folder of the archive that holds a file of this name, as a prefix; the topmost when there are several. */
    Optional<String> folderWith(String fileName) {
        return files.keySet().stream()
                .filter(name -> name.equals(fileName) || name.endsWith("/" + fileName))
                .map(name -> name.substring(0, name.length() - fileName.length()))
                .min(Comparator.comparingInt(String::length).thenComparing(String::compareTo));
    }

    /** A small file's content; throws a problem when it is larger than documents may be. */
    byte[] document(SpooledFile file) throws IOException {
        if (file.bytes() > OciParser.DOCUMENT_BYTES_MAX) {
            throw invalid("a manifest or configuration in the archive has %d bytes, at most %d are read"
                    .formatted(file.bytes(), OciParser.DOCUMENT_BYTES_MAX));
        }
        return Files.readAllBytes(file.path());
    }

    @Override
    public void close() {
        try {
            for (SpooledFile file : byDigest.values()) {
                Files.deleteIfExists(file.path());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String parent(String name) {
        return name.substring(0, name.lastIndexOf('/') + 1);
    }

    /** A name without what means nothing: {@code ./a//b/../c} is {@code a/c}. */
    private static String key(String name) {
        if (name.length() > NAME_CHARS_MAX) {
            throw invalid("the archive has a name longer than %d characters".formatted(NAME_CHARS_MAX));
        }
        Deque<String> words = new ArrayDeque<>();
        for (String word : name.split("/")) {
            if (word.equals("..")) {
                words.pollLast();
            } else if (!word.isEmpty() && !word.equals(".")) {
                words.addLast(word);
            }
        }
        return String.join("/", words);
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.of(ErrorCode.IMAGE_INVALID, detail));
    }
}
