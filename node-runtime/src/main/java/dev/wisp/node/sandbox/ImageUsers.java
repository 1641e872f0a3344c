package dev.wisp.node.sandbox;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.node.linux.Errno;
import dev.wisp.node.linux.ErrnoException;
import dev.wisp.node.linux.ImageFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds who an image's {@code USER} is, from the image's own {@code /etc/passwd} and {@code /etc/group}. These are hostile input: read at most
 * {@link ImageFiles#BYTES_MAX}, never through a symbolic link. Thread-safe.
 */
final class ImageUsers {

    private static final int CACHED_MAX = 256;

    private final ImageFiles files;
    private final Map<Key, ImageUser> cache = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, ImageUser> eldest) {
            return size() > CACHED_MAX;
        }
    };

    private record Key(List<Path> layers, String user) {}

    ImageUsers(ImageFiles files) {
        this.files = files;
    }

    /**
     * @param layers bottom first
     * @throws ProblemException naming the user that is not there
     */
    ImageUser resolve(List<Path> layers, String user) {
        Key key = new Key(layers, user);
        synchronized (cache) {
            ImageUser known = cache.get(key);
            if (known != null) {
                return known;
            }
        }
        ImageUser found = find(layers, user);
        synchronized (cache) {
            cache.put(key, found);
        }
        return found;
    }

    private ImageUser find(List<Path> layers, String user) {
        UserPolicy.Files found = new UserPolicy.Files(text(layers, "etc/passwd"), text(layers, "etc/group"));
        return switch (UserPolicy.user(user, found)) {
            case UserPolicy.Answer.Found answer -> answer.user();
            case UserPolicy.Answer.Refused refused ->
                throw new ProblemException(Problem.of(ErrorCode.INVALID, refused.why())
                        .withHint("add the user in the image, or name it by a number from 0 to 65535"));
        };
    }

    private String text(List<Path> layers, String path) {
        try {
            byte[] bytes = files.read(layers.reversed(), path);
            return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
        } catch (ErrnoException e) {
            throw new ProblemException(
                    new SandboxFailure("read the image's users: " + Errno.name(e.errno())).problem(), e);
        }
    }
}
