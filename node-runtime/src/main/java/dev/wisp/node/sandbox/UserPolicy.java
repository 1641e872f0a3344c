package dev.wisp.node.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code USER} as Docker does: {@code [user][:[group]]}, each a name or a number. What consists of digits is always a number, never a name, so that one too
 * large cannot be found in a file that gives it the id 0 (CVE-2024-40635). A user without an entry has group 0 and home {@code /}; the groups that list a user by
 * name are its own too, unless the {@code USER} names one.
 *
 * <p>Stricter than Docker in three things, each of which would make root out of rubbish or hide a mistake: an entry whose ids are not numbers is passed over instead
 * of read as 0, a second colon is refused instead of dropped, and an id above 65,535 does not exist in a sandbox.
 */
final class UserPolicy {

    private static final int GROUPS_MAX = 64;
    private static final int SHOWN_MAX = 64;

    private UserPolicy() {}

    /** Texts of the two files, empty for one that is not there or cannot be trusted. */
    record Files(String passwd, String group) {}

    /** Who it is, or why there is no telling. */
    sealed interface Answer {

        record Found(ImageUser user) implements Answer {}

        record Refused(String why) implements Answer {}
    }

    /** A line of passwd. */
    private record Entry(String name, int uid, int gid, String home) {}

    /** A line of group. */
    private record Group(String name, int gid, List<String> members) {}

    static Answer user(String text, Files files) {
        String[] parts = text.split(":", -1);
        if (parts.length > 2) {
            return refused(text, "has more than one colon");
        }
        Optional<Entry> entry = entry(parts[0], files);
        @Nullable Integer uid = entry.isPresent() ? Integer.valueOf(entry.get().uid()) : idOrRoot(parts[0]);
        if (uid == null) {
            return refused(text, missing(parts[0], "passwd"));
        }
        String home = entry.map(Entry::home).orElse("/");
        if (parts.length == 1 || parts[1].isEmpty()) {
            List<Integer> more =
                    entry.map(found -> groupsOf(found.name(), files)).orElse(List.of());
            return new Answer.Found(new ImageUser(uid, entry.map(Entry::gid).orElse(0), more, home));
        }
        Integer gid = group(parts[1], files);
        return gid == null
                ? refused(text, missing(parts[1], "group"))
                : new Answer.Found(new ImageUser(uid, gid, List.of(), home));
    }

    private static Answer refused(String text, String why) {
        return new Answer.Refused("user '%s' %s".formatted(shown(text), why));
    }

    private static String missing(String part, String file) {
        return isNumber(part)
                ? "is out of range: '%s' must be 0 to 65535".formatted(shown(part))
                : "cannot be found: '%s' is not in the image's /etc/%s".formatted(shown(part), file);
    }

    private static String shown(String text) {
        return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "..." : text;
    }

    private static Optional<Entry> entry(String nameOrId, Files files) {
        Predicate<Entry> wanted = nameOrId.isEmpty() || isNumber(nameOrId)
                ? byId(idOrRoot(nameOrId))
                : entry -> entry.name().equals(nameOrId);
        return lines(files.passwd())
                .map(UserPolicy::entry)
                .flatMap(Optional::stream)
                .filter(wanted)
                .findFirst();
    }

    private static Predicate<Entry> byId(@Nullable Integer id) {
        return entry -> id != null && entry.uid() == id;
    }

    private static Optional<Entry> entry(String line) {
        String[] fields = line.split(":", -1);
        Integer uid = fields.length < 4 ? null : id(fields[2]);
        Integer gid = fields.length < 4 ? null : id(fields[3]);
        return uid == null || gid == null
                ? Optional.empty()
                : Optional.of(new Entry(fields[0], uid, gid, fields.length > 5 ? home(fields[5]) : "/"));
    }

    /** It becomes an environment variable, and so may hold neither NUL nor what would break a line of it. */
    private static String home(String text) {
        return text.isEmpty() || text.chars().anyMatch(Character::isISOControl) ? "/" : text;
    }

    private static @Nullable Integer group(String nameOrId, Files files) {
        return isNumber(nameOrId)
                ? id(nameOrId)
                : groups(files)
                        .filter(group -> group.name().equals(nameOrId))
                        .map(Group::gid)
                        .findFirst()
                        .orElse(null);
    }

    private static List<Integer> groupsOf(String name, Files files) {
        return groups(files)
                .filter(group -> group.members().contains(name))
                .limit(GROUPS_MAX)
                .map(Group::gid)
                .toList();
    }

    private static Stream<Group> groups(Files files) {
        return lines(files.group()).map(UserPolicy::groupLine).flatMap(Optional::stream);
    }

    private static Optional<Group> groupLine(String line) {
        String[] fields = line.split(":", -1);
        Integer gid = fields.length < 3 ? null : id(fields[2]);
        List<String> members = new ArrayList<>();
        if (fields.length > 3) {
            members.addAll(List.of(fields[3].split(",", -1)));
        }
        return gid == null ? Optional.empty() : Optional.of(new Group(fields[0], gid, members));
    }

    private static Stream<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty());
    }

    private static boolean isNumber(String text) {
        return text.matches("[+-]?[0-9]+");
    }

    private static @Nullable Integer idOrRoot(String text) {
        return text.isEmpty() ? Integer.valueOf(0) : id(text);
    }

    /** Null for what is not an id of a sandbox. */
    private static @Nullable Integer id(String text) {
        if (!text.matches("\\+?0*[0-9]{1,5}")) {
            return null;
        }
        int id = Integer.parseInt(text);
        return id < UidRanges.SIZE ? id : null;
    }
}
