package dev.wisp.node.image;

import dev.wisp.contracts.oci.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The store on disk. A layer counts as unpacked when {@code index/<digest>} names its folder, and that file appears by rename after
 * everything it stands for is on the disk; so whatever a kill leaves behind is in no index and is removed at the next start.
 *
 * <pre>
 *   lock                one process at a time
 *   tmp/                downloads and files being written; emptied at start
 *   manifests/DIGEST    manifests, as pulled
 *   index/DIGEST        what is known of an unpacked layer: folder, size
 *   layers/N/           unpacked layers
 * </pre>
 *
 * Folders are numbered rather than named by a part of the digest: someone could make a layer whose digest begins like another's.
 */
final class StoreFolder implements AutoCloseable {

    private final Path root;
    private final Path temporary;
    private final Path manifests;
    private final Path index;
    private final Path layers;
    private final FileChannel lock;
    private final AtomicLong lastNumber = new AtomicLong();
    /** What is being made. */
    private final Set<Path> inHand = ConcurrentHashMap.newKeySet();

    /** Opens the store and removes what a killed process left half done. */
    StoreFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        // Files in layers belong to the images' user ids, which are other people's on this host: nobody else may walk
        // in.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        this.root = folder;
        this.temporary = Files.createDirectories(folder.resolve("tmp"));
        this.manifests = Files.createDirectories(folder.resolve("manifests"));
        this.index = Files.createDirectories(folder.resolve("index"));
        this.layers = Files.createDirectories(folder.resolve("layers"));
        this.lock = lock(folder.resolve("lock"));
        try {
            clean();
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Another store of this very process holds it.
        }
        channel.close();
        throw new IllegalStateException("image store %s is in use by another process".formatted(file.getParent()));
    }

    private void clean() throws IOException {
        for (Path leftover : list(temporary)) {
            deleteTree(leftover);
        }
        Set<String> published = published();
        for (Path folder : list(layers)) {
            String name = folder.getFileName().toString();
            lastNumber.accumulateAndGet(Long.parseLong(name, 16), Math::max);
            if (!published.contains(name)) {
                deleteTree(folder);
            }
        }
    }

    private Set<String> published() throws IOException {
        Set<String> published = new HashSet<>();
        for (Path entry : list(index)) {
            record(entry).ifPresent(layer -> published.add(layer.folder()));
        }
        return published;
    }

    /** Names of what is here, in no index and not being made; a draft that is written just now may be among them. */
    Set<String> strays() throws IOException {
        Set<Path> strays = new HashSet<>();
        list(temporary).forEach(strays::add);
        list(layers).forEach(strays::add);
        // In this order: what was made meanwhile is no longer in hand, but published.
        strays.removeAll(inHand);
        published().forEach(name -> strays.remove(layers.resolve(name)));
        return strays.stream().map(path -> root.relativize(path).toString()).collect(Collectors.toSet());
    }

    private static Iterable<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    Optional<LayerRecord> layer(Digest digest) throws IOException {
        return record(index.resolve(digest.hex()));
    }

    /** An entry that cannot be read counts as none: the layer is pulled again. */
    private static Optional<LayerRecord> record(Path entry) throws IOException {
        return read(entry).flatMap(bytes -> LayerRecord.parse(new String(bytes, StandardCharsets.UTF_8)));
    }

    Path path(LayerRecord layer) {
        return layers.resolve(layer.folder());
    }

    /** A new empty folder for a layer; it is one of the store only after {@link #publish}. {@link #done} must follow. */
    Path newLayer() throws IOException {
        Path folder = layers.resolve(Long.toHexString(lastNumber.incrementAndGet()));
        inHand.add(folder);
        return Files.createDirectory(folder);
    }

    /** What was being made is published or deleted. */
    void done(Path made) {
        inHand.remove(made);
    }

    /** Makes a layer that is on the disk part of the store. */
    void publish(Digest digest, LayerRecord layer) throws IOException {
        write(index, digest, layer.text().getBytes(StandardCharsets.UTF_8));
    }

    Optional<byte[]> manifest(Digest digest) throws IOException {
        return read(manifests.resolve(digest.hex()));
    }

    void keepManifest(Digest digest, byte[] manifest) throws IOException {
        write(manifests, digest, manifest);
    }

    /** A new empty file. {@link #done} must follow. */
    Path newDownload() throws IOException {
        Path file = Files.createTempFile(temporary, "", "");
        inHand.add(file);
        return file;
    }

    long usableBytes() throws IOException {
        return Files.getFileStore(temporary).getUsableSpace();
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<byte[]> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The file is there whole or not at all, also after a power cut. */
    private void write(Path parent, Digest name, byte[] content) throws IOException {
        Path draft = Files.createTempFile(temporary, "", "");
        try {
            Files.write(draft, content);
            sync(draft, StandardOpenOption.WRITE);
            Files.move(draft, parent.resolve(name.hex()), StandardCopyOption.ATOMIC_MOVE);
            sync(parent, StandardOpenOption.READ);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void sync(Path path, StandardOpenOption access) throws IOException {
        try (FileChannel channel = FileChannel.open(path, access)) {
            channel.force(true);
        }
    }

    static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
