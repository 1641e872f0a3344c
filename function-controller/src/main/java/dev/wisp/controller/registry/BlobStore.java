package dev.wisp.controller.registry;

import dev.wisp.contracts.oci.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Uploaded images on disk. A file below {@code blobs/} appears by rename when it is complete and on the disk, so it is always what its
 * name says; a tag appears after everything it leads to.
 *
 * <pre>
 *   tmp/                              uploads under way; emptied at start
 *   blobs/HEX                         manifests, configurations, layers
 *   repositories/NAME/_blobs/HEX      empty: this repository may show that blob
 *   repositories/NAME/_tags/TAG       digest of a manifest
 * </pre>
 *
 * A word of a name never begins with an underscore, so a repository below another cannot be taken for its tags. Thread-safe.
 */
final class BlobStore {

    private static final String TAGS = "_tags";
    private static final String BLOBS = "_blobs";
    private static final int DEPTH_MAX = 100;

    private final Path folder;

    BlobStore(Path folder) {
        this.folder = folder;
    }

    /** A new empty file for content on its way in; the caller moves or deletes it. */
    Path newFile() throws IOException {
        return Files.createTempFile(Files.createDirectories(folder.resolve("tmp")), "", "");
    }

    /** Removes what uploads of a killed process left. */
    void removeLeftovers() throws IOException {
        for (Path leftover : list(folder.resolve("tmp"))) {
            Files.deleteIfExists(leftover);
        }
    }

    long usableBytes() throws IOException {
        return Files.getFileStore(Files.createDirectories(folder)).getUsableSpace();
    }

    /** Makes a complete file of {@link #newFile} the blob it is and shows it in a repository. */
    void adopt(Path file, Digest digest, String repository) throws IOException {
        Path blob = blobFile(digest);
        if (!Files.exists(blob)) {
            sync(file, StandardOpenOption.WRITE);
            Files.createDirectories(blob.getParent());
            Files.move(file, blob, StandardCopyOption.ATOMIC_MOVE);
            sync(folder.resolve("blobs"), StandardOpenOption.READ);
        }
        show(digest, repository);
    }

    private void show(Digest digest, String repository) throws IOException {
        Path links = Files.createDirectories(repository(repository).resolve(BLOBS));
        try {
            Files.createFile(links.resolve(digest.hex()));
            sync(links, StandardOpenOption.READ);
        } catch (FileAlreadyExistsException e) {
            // Another image of the repository has it too.
        }
    }

    void tag(String repository, String tag, Digest manifest) throws IOException {
        Path draft = newFile();
        Path tags = Files.createDirectories(repository(repository).resolve(TAGS));
        Files.writeString(draft, manifest.toString());
        sync(draft, StandardOpenOption.WRITE);
        Files.move(draft, tags.resolve(tag), StandardCopyOption.ATOMIC_MOVE);
        sync(tags, StandardOpenOption.READ);
    }

    /** What a tag leads to; {@code tag} must be one by {@link UploadName#isTag}. */
    Optional<Digest> tagged(String repository, String tag) throws IOException {
        try {
            String digest =
                    Files.readString(repository(repository).resolve(TAGS).resolve(tag), StandardCharsets.UTF_8);
            return Optional.of(Digest.parse(digest));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The file of a blob that a repository shows. */
    Optional<Path> blob(String repository, Digest digest) {
        boolean shown = Files.exists(repository(repository).resolve(BLOBS).resolve(digest.hex()));
        return shown ? Optional.of(blobFile(digest)).filter(Files::exists) : Optional.empty();
    }

    List<String> tags(String repository) throws IOException {
        return list(repository(repository).resolve(TAGS)).stream()
                .map(tag -> tag.getFileName().toString())
                .sorted()
                .toList();
    }

    List<String> repositories() throws IOException {
        Path root = folder.resolve("repositories");
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(root, DEPTH_MAX)) {
            return paths.filter(path -> path.endsWith(TAGS))
                    .map(path -> root.relativize(path.getParent()).toString())
                    .sorted()
                    .toList();
        }
    }

    private Path repository(String name) {
        if (!UploadName.isRepository(name)) {
            throw new IllegalArgumentException("repository=%s, is not one".formatted(name));
        }
        return folder.resolve("repositories").resolve(name);
    }

    private Path blobFile(Digest digest) {
        return folder.resolve("blobs").resolve(digest.hex());
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    private static void sync(Path path, StandardOpenOption access) throws IOException {
        try (FileChannel channel = FileChannel.open(path, access)) {
            channel.force(true);
        }
    }
}
