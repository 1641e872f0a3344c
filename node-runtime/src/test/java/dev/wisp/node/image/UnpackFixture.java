package dev.wisp.node.image;

import dev.wisp.node.linux.FileCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder to unpack into, beside a canary that nothing may touch. */
final class UnpackFixture {

    static final ImageLimits SMALL = new ImageLimits(10 << 20, 100 << 20, 1000, 200, Duration.ofMinutes(1));

    final Path root;
    final Path canary;
    private final Path layer;

    UnpackFixture(Path folder) throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        canary = Files.createDirectory(folder.resolve("canary"));
        layer = folder.resolve("layer");
        Files.writeString(canary.resolve("file"), "untouched");
        Files.createDirectory(canary.resolve("empty"));
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    LayerUnpacker.Unpacked unpack(byte[] archive) throws IOException {
        return unpack(archive, SMALL);
    }

    LayerUnpacker.Unpacked unpack(byte[] archive, ImageLimits limits) throws IOException {
        Files.write(layer, archive);
        return new LayerUnpacker(new FileCalls()).unpack(layer, root, new UnpackBudget(limits, System::nanoTime));
    }

    SortedMap<String, String> tree() throws IOException {
        return tree(root);
    }

    /** Every path below a folder with kind, permissions, owner and content, as one comparable value. */
    static SortedMap<String, String> tree(Path folder) throws IOException {
        SortedMap<String, String> tree = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                tree.put(folder.relativize(path).toString(), describe(path));
            }
        }
        return tree;
    }

    private static String describe(Path path) throws IOException {
        Map<String, Object> unix = Files.readAttributes(path, "unix:mode,uid,gid,rdev", LinkOption.NOFOLLOW_LINKS);
        String owner = unix.get("uid") + ":" + unix.get("gid");
        int mode = (Integer) Objects.requireNonNull(unix.get("mode"));
        String content = switch (mode & 0170000) {
            case 0040000 -> "folder" + (isOpaque(path) ? " opaque" : "");
            case 0120000 -> "-> " + Files.readSymbolicLink(path);
            case 0100000 -> "'" + Files.readString(path) + "'";
            case 0020000 -> "device " + unix.get("rdev");
            default -> "other";
        };
        return "%s %o %s".formatted(owner, mode & 07777, content);
    }

    private static boolean isOpaque(Path folder) throws IOException {
        var view = Files.getFileAttributeView(folder, UserDefinedFileAttributeView.class);
        return view.list().contains("overlay.opaque");
    }

    static long modifiedSeconds(Path path) throws IOException {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .lastModifiedTime()
                .toInstant()
                .getEpochSecond();
    }
}
