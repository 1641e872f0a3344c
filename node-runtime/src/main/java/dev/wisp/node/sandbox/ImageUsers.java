package dev.wisp.node.sandbox;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.node.linux.ImageFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds who an image's {@code USER} is: {@code uid}, {@code uid:gid}, {@code name}, {@code name:group} and the mixtures. Names come from the image's own
 * {@code /etc/passwd} and {@code /etc/group}, which are hostile input: read at most {@link ImageFiles#BYTES_MAX}, never through a symbolic link.
 * Thread-safe.
 */
final class ImageUsers {

    private static final int CACHED_MAX = 256;
    private static final int GROUPS_MAX = 64;

    private final ImageFiles files;
    private final Map<Key, ImageUser> cache = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, ImageUser> eldest) {
            return size() > CACHED_MAX;
        }
    };

    private record Key(List<Path> layers, String user) {}

    /** A line of passwd. */
    private record Entry(String name, int uid, int gid, String home) {}

    ImageUsers(ImageFiles files) {
        this.files = files;
    }

    /**
     * @param layers bottom first
     * @throws ProblemException naming the user that is not there
     */
    ImageUser resolve(List<Path> layers, String user) {
        if (user.isEmpty() || user.equals("0") || user.equals("0:0")) {
            return ImageUser.ROOT;
        }
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
        String[] parts = user.split(":", 2);
        Optional<Entry> entry = entry(lines(layers, "etc/passwd"), parts[0]);
        int uid = entry.map(Entry::uid).orElseGet(() -> number(user, parts[0]));
        List<String> groups = lines(layers, "etc/group");
        String home = entry.map(Entry::home).orElse("/");
        if (parts.length == 2) {
            return new ImageUser(uid, group(groups, user, parts[1]), List.of(), home);
        }
        int gid = entry.map(Entry::gid).orElse(0);
        List<Integer> more = entry.map(found -> groupsOf(groups, found.name())).orElse(List.of());
        return new ImageUser(uid, gid, more, home);
    }

    private static Optional<Entry> entry(List<String> lines, String nameOrId) {
        return lines.stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length >= 6 && isId(fields[2]) && isId(fields[3]))
                .map(fields ->
                        new Entry(fields[0], Integer.parseInt(fields[2]), Integer.parseInt(fields[3]), fields[5]))
                .filter(entry -> entry.name().equals(nameOrId)
                        || Integer.toString(entry.uid()).equals(nameOrId))
                .findFirst();
    }

    private static int group(List<String> lines, String user, String nameOrId) {
        return lines.stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length >= 3 && fields[0].equals(nameOrId) && isId(fields[2]))
                .map(fields -> Integer.parseInt(fields[2]))
                .findFirst()
                .orElseGet(() -> number(user, nameOrId));
    }

    private static List<Integer> groupsOf(List<String> lines, String name) {
        List<Integer> groups = new ArrayList<>();
        for (String line : lines) {
            String[] fields = line.split(":", -1);
            if (fields.length >= 4
                    && isId(fields[2])
                    && groups.size() < GROUPS_MAX
                    && List.of(fields[3].split(",")).contains(name)) {
                groups.add(Integer.parseInt(fields[2]));
            }
        }
        return groups;
    }

    private static int number(String user, String text) {
        if (isId(text)) {
            return Integer.parseInt(text);
        }
        throw new ProblemException(Problem.of(
                        ErrorCode.INVALID,
                        "user '%s': '%s' is neither in the image's /etc/passwd or /etc/group nor a number from 0 to 65535"
                                .formatted(user, text))
                .withHint("add the user in the image, or name it by number"));
    }

    private static boolean isId(String text) {
        return text.matches("\\d{1,5}") && Integer.parseInt(text) < UidRanges.SIZE;
    }

    private List<String> lines(List<Path> layers, String path) {
        byte[] bytes = files.read(layers.reversed(), path);
        return bytes == null
                ? List.of()
                : new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }
}
