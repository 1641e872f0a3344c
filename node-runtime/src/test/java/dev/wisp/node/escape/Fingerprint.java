package dev.wisp.node.escape;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Whether a file, or a folder with all that is in it, is what it was: SHA-256 of names, contents, links, owners, modes and times of change. */
final class Fingerprint {

    private static final List<String> ATTRIBUTES = List.of("mode", "uid", "gid", "lastModifiedTime", "ctime", "nlink");

    private Fingerprint() {}

    static String of(Path top) {
        MessageDigest digest = sha256();
        try (Stream<Path> paths = Files.walk(top)) {
            for (Path path : paths.sorted().toList()) {
                add(digest, path);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(MessageDigest digest, Path path) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(path, "unix:" + String.join(",", ATTRIBUTES), LinkOption.NOFOLLOW_LINKS);
        StringBuilder text = new StringBuilder(path.toString());
        ATTRIBUTES.forEach(name -> text.append(' ').append(attributes.get(name)));
        digest.update(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        if (Files.isSymbolicLink(path)) {
            digest.update(Files.readSymbolicLink(path).toString().getBytes(StandardCharsets.UTF_8));
        } else if (Files.isRegularFile(path)) {
            digest.update(Files.readAllBytes(path));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
