package dev.wisp.node.sandbox;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides what on a host was left behind: it belongs to sandboxes, to none that there is, and was so at the look before. */
public final class LeakPolicy {

    /** Of a line of mountinfo: where it is mounted. */
    private static final int MOUNT_POINT = 4;

    private LeakPolicy() {}

    /** What is there at both looks: what comes or goes during one of them is on its way. */
    public static Map<Leak, Set<String>> left(Map<Leak, Set<String>> before, Map<Leak, Set<String>> now) {
        return now.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> {
            Set<String> both = new HashSet<>(entry.getValue());
            both.retainAll(before.getOrDefault(entry.getKey(), Set.of()));
            return Set.copyOf(both);
        }));
    }

    /** Groups that are named as slots are, of slots that nobody has. */
    static Set<String> groups(Stream<String> names, IntPredicate taken) {
        return names.filter(name -> name.matches("\\d{1,9}") && !taken.test(Integer.parseInt(name)))
                .collect(Collectors.toSet());
    }

    /**
     * Mounts that the host has below a folder: a sandbox's are in a namespace of its own.
     *
     * @param mountInfo lines of {@code /proc/self/mountinfo}
     */
    static Set<String> mounts(List<String> mountInfo, String folder) {
        String below = folder + "/";
        return mountInfo.stream()
                .map(line -> line.split(" ", MOUNT_POINT + 2))
                .filter(fields -> fields.length > MOUNT_POINT && fields[MOUNT_POINT].startsWith(below))
                .map(fields -> fields[MOUNT_POINT])
                .collect(Collectors.toSet());
    }

    /** Descriptors that hold a network namespace, by number and namespace, other than those that the runtime has one for. */
    static Set<String> namespaces(Map<String, String> targets, Set<String> known) {
        return targets.entrySet().stream()
                .filter(entry -> entry.getValue().startsWith("net:[") && !known.contains(entry.getValue()))
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.toSet());
    }
}
